namespace Anpr.Edge.Sense;

/// <summary>The lane's loop as a device reported it.</summary>
internal sealed record LoopChange(DateTimeOffset At, bool Occupied);
