using System.Globalization;
using Anpr.Edge.Track;
using OpenCvSharp;

namespace Anpr.Edge.Ops.Aim;

/// <summary>What the pictures of one camera showed.</summary>
internal sealed class CameraSight : IDisposable
{
    private const int LeastTextLength = 4;
    private static readonly Scalar Marked = new(0, 230, 255);
    private Mat? _still;
    private (bool Read, float Px) _shown = (false, -1);

    /// <summary>Pictures so far.</summary>
    public int Count { get; private set; }

    /// <summary>Those with a plate that could be read.</summary>
    public int WithPlate { get; private set; }

    /// <summary>Those in which something was taken for a plate, read or not.</summary>
    public int WithBox { get; private set; }

    /// <summary>WIDTHxHEIGHT of the last one, pixels.</summary>
    public string Size { get; private set; } = "";

    /// <summary>Every plate that could be measured.</summary>
    public List<PlateAim> Plates { get; } = [];

    /// <summary>Whether there was a picture at all.</summary>
    public bool HasStill => _still is not null;

    /// <summary>Takes one picture and what was found in it.</summary>
    public void Add(Mat image, IReadOnlyList<PlateLook> looks)
    {
        Count++;
        Size = $"{image.Width}x{image.Height}";
        var readable = looks.Where(l => l.Read.Text.Length >= LeastTextLength).ToList();
        WithPlate += readable.Count > 0 ? 1 : 0;
        Plates.AddRange(readable.Select(l => PlateAim.Of(image, l.Plate.Quad)).OfType<PlateAim>());
        WithBox += looks.Count > 0 ? 1 : 0;
        var widest = (readable.Count > 0, (readable.Count > 0 ? readable : looks).Select(l => l.Plate.Quad.WidthPx).Append(0).Max());
        if (widest.CompareTo(_shown) > 0)
        {
            _shown = widest;
            _still?.Dispose();
            _still = image.Clone();
            foreach (var look in looks)
            {
                Draw(_still, look);
            }
        }
    }

    /// <summary>Writes the picture with the widest plate that was read, or else was found, with all that was found drawn into it; false where the disk refuses it.</summary>
    public bool TryWriteStill(string path) => _still is { } still && Cv2.ImWrite(path, still);

    /// <inheritdoc/>
    public void Dispose() => _still?.Dispose();

    private static void Draw(Mat image, PlateLook look)
    {
        var corners = look.Plate.Quad.Corners().Select(c => c.ToPoint()).ToArray();
        var scale = Math.Max(0.5, image.Width / 1600.0);
        var words = string.Create(CultureInfo.InvariantCulture, $"{(look.Read.Text.Length >= LeastTextLength ? look.Read.Text : "not read")}  {look.Plate.Quad.WidthPx:0} px");
        var at = new Point(Math.Max(0, corners.Min(c => c.X)), Math.Max((int)(24 * scale), corners.Min(c => c.Y) - (int)(8 * scale)));
        Cv2.Polylines(image, [corners], isClosed: true, Marked, (int)Math.Ceiling(2 * scale), LineTypes.AntiAlias);
        Cv2.PutText(image, words, at, HersheyFonts.HersheySimplex, scale * 0.8, Scalar.Black, (int)Math.Ceiling(4 * scale), LineTypes.AntiAlias);
        Cv2.PutText(image, words, at, HersheyFonts.HersheySimplex, scale * 0.8, Marked, (int)Math.Ceiling(1.6 * scale), LineTypes.AntiAlias);
    }
}
