using Anpr.Edge.Detect;
using Anpr.Edge.Read;

namespace Anpr.Edge.Track;

/// <summary>One plate of one frame with its read.</summary>
/// <param name="Plate">Where it is.</param>
/// <param name="Read">What it says.</param>
/// <param name="Sharpness">How sharp its strokes are, 0 (blurred away) to 1.</param>
public sealed record PlateLook(Plate Plate, PlateRead Read, float Sharpness)
{
    /// <summary>True for the look of an earlier frame that this one shows again: it says where the plate is, and is no evidence of its own.</summary>
    public bool Repeated { get; init; }
}
