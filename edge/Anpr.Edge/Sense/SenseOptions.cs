using System.ComponentModel.DataAnnotations;

namespace Anpr.Edge.Sense;

/// <summary>Section <c>Sense</c> of the lane's file.</summary>
internal sealed record SenseOptions
{
    /// <summary>How long readings are kept: no passage's window is longer.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan Keep { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Root mean square of the frame's vibration from which on engine or wind drown a heartbeat, mm/s².</summary>
    [Range(1.0, 1000.0)]
    public double QuietMmS2 { get; init; } = 20;
}
