using System.ComponentModel.DataAnnotations;

namespace Anpr.Hub.Link;

/// <summary>When two sightings count as one vehicle.</summary>
public sealed class LinkOptions
{
    /// <summary>Sightings further apart than this are not compared loosely or exactly; a return after it is a new vehicle.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(72);

    /// <summary>Probability from which a link is made, 0.5..0.999. Below it a new vehicle begins: a false link costs more than a missing one.</summary>
    [Range(0.5, 0.999)]
    public double Threshold { get; init; } = 0.9;

    /// <summary>Vehicles that pass within the window, and so could be taken for this one: about 4,900 UK-bound lorries a day at the three controls.</summary>
    [Range(1.0, 1e7)]
    public double Crowd { get; init; } = 15_000;
}
