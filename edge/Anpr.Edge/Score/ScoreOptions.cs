using System.ComponentModel.DataAnnotations;

namespace Anpr.Edge.Score;

/// <summary>Section <c>Score</c> of the lane's file.</summary>
internal sealed record ScoreOptions
{
    /// <summary>Vehicles in a thousand that hide somebody, before any evidence: about 5,000 people found in 2024 at the three controls,
    /// 2 to 3 a vehicle, in half of some 3.5 million lorries both ways.</summary>
    [Range(0.01, 500)]
    public double PriorPerThousand { get; init; } = 1;

    /// <summary>Weight of CO2 evidence.</summary>
    [Range(0.0, 1.0)]
    public double Co2Weight { get; init; } = 0.8;

    /// <summary>Weight of heartbeat evidence.</summary>
    [Range(0.0, 1.0)]
    public double HeartbeatWeight { get; init; } = 0.8;
}
