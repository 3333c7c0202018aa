namespace Anpr.Edge.Ops;

/// <summary>Says in words how far a camera's clock is from the box's.</summary>
internal static class CameraClockWords
{
    // The time burnt into a camera's pictures is read to the second.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with a camera's clock, with the cure; empty when it agrees with the box's or is not known.</summary>
    public static string Fault(TimeSpan? streamMinusBox) =>
        streamMinusBox is not { } difference || difference.Duration() <= Tolerance ? ""
            : $"{Difference(difference)}: give it a time server (NTP). Sightings have the box's time and are right.";

    /// <summary>Like "its clock is 3.2 s ahead of the box's", "its clock is 2 d behind the box's".</summary>
    public static string Difference(TimeSpan streamMinusBox)
    {
        var size = streamMinusBox.Duration();
        var amount = size switch
        {
            { TotalSeconds: < 10 } => FormattableString.Invariant($"{size.TotalSeconds:0.0} s"),
            { TotalMinutes: < 2 } => FormattableString.Invariant($"{size.TotalSeconds:0} s"),
            { TotalHours: < 2 } => FormattableString.Invariant($"{size.TotalMinutes:0} min"),
            { TotalDays: < 2 } => FormattableString.Invariant($"{size.TotalHours:0} h"),
            _ => FormattableString.Invariant($"{size.TotalDays:0} d"),
        };
        return $"its clock is {amount} {(streamMinusBox < TimeSpan.Zero ? "behind" : "ahead of")} the box's";
    }
}
