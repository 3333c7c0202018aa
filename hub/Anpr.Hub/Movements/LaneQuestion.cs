using Anpr.Hub.Access;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Movements;

/// <summary>What was seen at a lane around a time, as it is typed.</summary>
internal static class LaneQuestion
{
    private const int Usual = 10;

    /// <summary>The time, and how long before and after it; 10 minutes when null.</summary>
    /// <exception cref="InputException">Something cannot be used; the words say what, and the cure.</exception>
    public static (DateTimeOffset Time, TimeSpan Around) Read(string port, string lane, string? time, int? minutes)
    {
        Ports.Check(port, lane);
        var at = TypedTime.Read("time", time) ?? throw new InputException("time: give the time around which you ask, in UTC, such as 2026-11-24T08:00:00Z.");
        var around = TimeSpan.FromMinutes(minutes ?? Usual);
        return around >= TimeSpan.FromMinutes(1) && around <= LaneBook.Furthest ? (at, around) : throw new InputException($"minutes {minutes}: 1 to {LaneBook.Furthest.TotalMinutes:0}.");
    }
}
