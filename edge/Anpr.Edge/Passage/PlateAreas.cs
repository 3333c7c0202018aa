using Anpr.Edge.Capture;
using Anpr.Edge.Detect;

namespace Anpr.Edge.Passage;

/// <summary>Where in one camera's view plates count.</summary>
/// <param name="Regions">Only those in one of these; everywhere when there is none.</param>
/// <param name="Excluded">None in these: a time burnt into the picture, a sign, the next lane.</param>
public sealed record PlateAreas(IReadOnlyList<Area> Regions, IReadOnlyList<Area> Excluded)
{
    /// <summary>Whether a plate counts, by its middle, in a picture of this size in pixels.</summary>
    public bool Holds(Plate plate, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(plate);
        var middle = plate.Box.Centre;
        var share = new OpenCvSharp.Point2f(middle.X / width, middle.Y / height);
        return (Regions.Count == 0 || Regions.Any(area => area.Contains(share))) && !Excluded.Any(area => area.Contains(share));
    }
}
