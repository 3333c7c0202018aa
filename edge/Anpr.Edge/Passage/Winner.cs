using Anpr.Edge.Detect;
using Anpr.Edge.Track;

namespace Anpr.Edge.Passage;

/// <summary>The best frame so far in which a plate reads one text: its look and its pictures, which never part.</summary>
/// <param name="Look">The plate and its raw read.</param>
/// <param name="Time">Capture time, UTC.</param>
/// <param name="Quality">Size x sharpness x confidence.</param>
/// <param name="Patch">The plate, JPEG.</param>
/// <param name="Overview">The frame; this winner's.</param>
/// <param name="Second">What the second reader makes of it, empty when nothing; null when it is not to be asked.</param>
internal sealed record Winner(PlateLook Look, DateTimeOffset Time, float Quality, byte[] Patch, Overview Overview, Lazy<string>? Second) : IDisposable
{
    /// <summary>A better one was found, or nobody will ask for it any more.</summary>
    public void Dispose() => Overview.Dispose();

    /// <summary>How good a frame a look makes: width in pixels up to where more shows no more, times sharpness, times confidence.</summary>
    public static float QualityOf(PlateLook look) =>
        Math.Min(look.Plate.Quad.WidthPx, 240) * (0.1f + look.Sharpness) * (0.05f + look.Read.Confidence);

    /// <summary>Its corners in the overview.</summary>
    public Quad Quad => Look.Plate.Quad;
}
