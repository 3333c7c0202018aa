using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>
/// A flat picture that is laid into a frame in perspective. It keeps itself in halved sizes too, so that it does not
/// flicker when it is drawn small. Not thread-safe.
/// </summary>
internal sealed class Texture : IDisposable
{
    private const int SmallestPx = 24;

    private readonly List<(Mat Bgr, Mat? Mask)> _levels = [];

    /// <summary>Takes both pictures over. <paramref name="mask"/> is 8 bit: 255 where the picture covers what is behind; null where it covers all.</summary>
    public Texture(Mat bgr, Mat? mask = null)
    {
        _levels.Add((bgr, mask));
        for (var shorter = Math.Min(bgr.Width, bgr.Height); shorter > SmallestPx; shorter /= 2)
        {
            var (large, largeMask) = _levels[^1];
            _levels.Add((Half(large), largeMask is null ? null : Half(largeMask)));
        }
    }

    /// <summary>
    /// Lays it so that its corners fall on <paramref name="corners"/> (from top left, clockwise; pixels of <paramref name="frame"/>).
    /// Only the part right of <paramref name="fromShare"/> of its width (0..1) is laid there.
    /// </summary>
    public void Draw(Mat frame, IReadOnlyList<Point2f> corners, float fromShare = 0)
    {
        var area = Bounds(corners, frame.Size());
        if (area.Width < 2 || area.Height < 2)
        {
            return;
        }

        var (bgr, mask) = LevelFor(corners);
        var left = bgr.Width * fromShare;
        Point2f[] from = [new(left, 0), new(bgr.Width, 0), new(bgr.Width, bgr.Height), new(left, bgr.Height)];
        var to = corners.Select(corner => new Point2f(corner.X - area.X, corner.Y - area.Y));
        using var view = Cv2.GetPerspectiveTransform(from, to);
        using var target = new Mat(frame, area);
        if (mask is null && fromShare == 0)
        {
            Cv2.WarpPerspective(bgr, target, view, target.Size(), InterpolationFlags.Linear, BorderTypes.Transparent);
            return;
        }

        using var picture = new Mat();
        using var cover = new Mat();
        Cv2.WarpPerspective(bgr, picture, view, target.Size(), InterpolationFlags.Linear, BorderTypes.Replicate);
        using var whole = mask is null ? new Mat(bgr.Size(), MatType.CV_8UC1, Scalar.All(255)) : null;
        Cv2.WarpPerspective(mask ?? whole!, cover, view, target.Size(), InterpolationFlags.Linear, BorderTypes.Constant);
        Cv2.Threshold(cover, cover, 127, 255, ThresholdTypes.Binary);
        picture.CopyTo(target, cover);
    }

    public void Dispose()
    {
        foreach (var (bgr, mask) in _levels)
        {
            bgr.Dispose();
            mask?.Dispose();
        }
    }

    private (Mat Bgr, Mat? Mask) LevelFor(IReadOnlyList<Point2f> corners)
    {
        var widthPx = Math.Max(corners[0].DistanceTo(corners[1]), corners[3].DistanceTo(corners[2]));
        var heightPx = Math.Max(corners[0].DistanceTo(corners[3]), corners[1].DistanceTo(corners[2]));
        // The smallest level that is still at least as large as it will be seen, in its larger direction.
        return _levels.FindLast(level => level.Bgr.Width >= widthPx || level.Bgr.Height >= heightPx) is { Bgr: not null } found ? found : _levels[0];
    }

    private static Rect Bounds(IReadOnlyList<Point2f> corners, Size frame)
    {
        var left = (int)Math.Clamp(Math.Floor(corners.Min(corner => corner.X)), 0, frame.Width);
        var top = (int)Math.Clamp(Math.Floor(corners.Min(corner => corner.Y)), 0, frame.Height);
        var right = (int)Math.Clamp(Math.Ceiling(corners.Max(corner => corner.X)), 0, frame.Width);
        var bottom = (int)Math.Clamp(Math.Ceiling(corners.Max(corner => corner.Y)), 0, frame.Height);
        return new Rect(left, top, Math.Max(0, right - left), Math.Max(0, bottom - top));
    }

    private static Mat Half(Mat large)
    {
        var small = new Mat();
        Cv2.Resize(large, small, new Size(large.Width / 2, large.Height / 2), 0, 0, InterpolationFlags.Area);
        return small;
    }
}
