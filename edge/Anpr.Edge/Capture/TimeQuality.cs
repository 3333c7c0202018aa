namespace Anpr.Edge.Capture;

/// <summary>Where a capture time comes from.</summary>
public enum TimeSource
{
    /// <summary>The lane box's clock when the frame arrived.</summary>
    BoxClock,

    /// <summary>Wall-clock time carried by the stream.</summary>
    StreamClock,

    /// <summary>Start of a recording plus the offset in it.</summary>
    FileOffset,
}

/// <summary>How far a capture time can be trusted.</summary>
/// <param name="Source">Where the time comes from.</param>
/// <param name="StreamMinusBox">Stream clock minus box clock, null when not measured.</param>
/// <param name="Simulated">True when the source is a simulation.</param>
/// <param name="SimulatedShift">Shift of the simulated clock against real time; zero on real cameras.</param>
public sealed record TimeQuality(TimeSource Source, TimeSpan? StreamMinusBox = null, bool Simulated = false, TimeSpan SimulatedShift = default);
