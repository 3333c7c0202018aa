using Anpr.Edge.Detect;
using Anpr.Edge.Read;
using Anpr.Edge.Track;

namespace Anpr.Edge.Passage;

/// <summary>Options of all stages that look at pictures.</summary>
public sealed record VisionOptions
{
    /// <summary>Of Detect.</summary>
    public DetectOptions Detect { get; init; } = new();

    /// <summary>Of Read.</summary>
    public ReadOptions Read { get; init; } = new();

    /// <summary>Of Track.</summary>
    public TrackOptions Track { get; init; } = new();

    /// <summary>Of Passage.</summary>
    public PassageOptions Passage { get; init; } = new();

    /// <summary>Which end of the vehicle each camera looks at, by camera name; others look at an unknown one.</summary>
    public IReadOnlyDictionary<string, Side> Sides { get; init; } = new Dictionary<string, Side>(StringComparer.Ordinal);

    /// <summary>Where plates count, by camera name; everywhere for others.</summary>
    public IReadOnlyDictionary<string, PlateAreas> Areas { get; init; } = new Dictionary<string, PlateAreas>(StringComparer.Ordinal);
}
