using Anpr.Edge.Capture;

namespace Anpr.Benchmarks.Cameras;

/// <summary>What became of one fault.</summary>
/// <param name="Kind">What was wrong.</param>
/// <param name="Words">With its size.</param>
/// <param name="Told">What was first told, <see cref="CameraFault.None"/> when nothing was.</param>
/// <param name="AfterSeconds">How long after its beginning.</param>
/// <param name="Encoded">It went through H.264.</param>
/// <param name="OverAfterSeconds">How long after its end the camera was told well again; null when it was not within half a minute, or nobody looked.</param>
internal sealed record Trial(CameraFault Kind, string Words, CameraFault Told, double AfterSeconds, bool Encoded, double? OverAfterSeconds)
{
    /// <summary>Seconds within which a fault is to be found.</summary>
    public const double Wanted = 10;

    /// <summary>Found as what it is, in time.</summary>
    public bool Found => Told == Kind && AfterSeconds <= Wanted;
}

/// <summary>A fault that was told while nothing was wrong.</summary>
internal sealed record FalseAlarm(CameraFault Told, double Hour, string Where);

/// <summary>What one part of the benchmark found.</summary>
internal sealed record Findings(IReadOnlyList<Trial> Trials, IReadOnlyList<FalseAlarm> False, double WellSeconds);
