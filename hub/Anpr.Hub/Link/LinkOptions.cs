using System.ComponentModel.DataAnnotations;

namespace Anpr.Hub.Link;

/// <summary>When two sightings count as one vehicle; section <c>link</c> of <c>hub.json</c> in the data folder.</summary>
public sealed class LinkOptions
{
    /// <summary>A vehicle that was not seen for so long is not looked for: a return after it is a new one.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "400.00:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Share of all odds from which a link is made, 0.2..0.999: nine of ten with the least were right. Below it a new vehicle begins.</summary>
    [Range(0.2, 0.999)]
    public double Threshold { get; init; } = 0.5;
}
