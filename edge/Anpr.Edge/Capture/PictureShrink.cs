using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>Makes small copies of pictures by averaging, out of their planes where they have them. Its buffers are pooled: one thread at a time.</summary>
internal sealed class PictureShrink : IDisposable
{
    // Limited range: 16 is black and 235 white.
    private const double FullRange = 255.0 / (235 - 16);

    // Rows that are averaged at least.
    private const int LeastRows = 3;

    private readonly AreaShrink _area = new();
    private readonly Mat _planes = new();
    private readonly Mat _colour = new();

    /// <summary>Fills <paramref name="small"/> (8-bit BGR), which has its size already and is no larger than the picture.</summary>
    public void Into(Picture picture, Mat small)
    {
        if (picture.Planes is not { } planes || small.Width % 2 != 0 || small.Height % 2 != 0)
        {
            _area.Into(picture.Bgr, small);
            return;
        }

        _planes.Create(small.Height * 3 / 2, small.Width, MatType.CV_8UC1);
        for (var plane = 0; plane < 3; plane++)
        {
            using var from = Picture.Plane(planes, plane);
            using var to = Picture.Plane(_planes, plane);
            _area.Into(from, to);
        }

        Cv2.CvtColor(_planes, small, ColorConversionCodes.YUV2BGR_I420);
    }

    /// <summary>The same in grey (8 bit, one channel, full range). Of many rows every second is averaged: most of the time goes into reading them from memory.</summary>
    public void GreyInto(Picture picture, Mat small)
    {
        if (picture.Planes is { } planes)
        {
            // Grey stands first in the planes: two thirds of their rows.
            var height = planes.Height * 2 / 3;
            var step = height % 2 == 0 && height >= 2 * LeastRows * small.Height ? 2 : 1;
            using var from = Mat.FromPixelData(height / step, planes.Width, MatType.CV_8UC1, planes.Data, step * planes.Step());
            _area.Into(from, small);
            small.ConvertTo(small, MatType.CV_8UC1, FullRange, -16 * FullRange);
            return;
        }

        _colour.Create(small.Size(), MatType.CV_8UC3);
        _area.Into(picture.Bgr, _colour);
        Cv2.CvtColor(_colour, small, ColorConversionCodes.BGR2GRAY);
    }

    /// <summary>A part in grey (8 bit, one channel), larger or smaller; what of it lies outside the picture is left out before.</summary>
    public void GreyPartInto(Picture picture, Rect part, Mat small)
    {
        var inside = part & new Rect(0, 0, picture.Width, picture.Height);
        if (inside.Width < 1 || inside.Height < 1)
        {
            small.SetTo(Scalar.Black);
            return;
        }

        if (picture.Planes is { } planes)
        {
            using var luma = Picture.Plane(planes, 0);
            using var from = luma[inside];
            Cv2.Resize(from, small, small.Size(), 0, 0, InterpolationFlags.Area);
            return;
        }

        using var colour = picture.Bgr[inside];
        _colour.Create(small.Size(), MatType.CV_8UC3);
        Cv2.Resize(colour, _colour, small.Size(), 0, 0, InterpolationFlags.Area);
        Cv2.CvtColor(_colour, small, ColorConversionCodes.BGR2GRAY);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _planes.Dispose();
        _colour.Dispose();
    }
}
