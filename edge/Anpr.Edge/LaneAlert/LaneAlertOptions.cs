using System.ComponentModel.DataAnnotations;

namespace Anpr.Edge.LaneAlert;

/// <summary>Section <c>LaneAlert</c> of the lane's file.</summary>
internal sealed record LaneAlertOptions
{
    /// <summary>Seconds for which an alert stays on the display after its vehicle has gone.</summary>
    [Range(0, 3600)]
    public int HoldSeconds { get; init; } = 120;

    /// <summary>Seconds for which the display says that an alert was withdrawn.</summary>
    [Range(0, 3600)]
    public int WithdrawnSeconds { get; init; } = 30;
}
