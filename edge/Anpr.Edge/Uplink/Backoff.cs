namespace Anpr.Edge.Uplink;

/// <summary>How long to wait before the next try: doubling from half a second to half a minute, each with jitter, so that
/// the lanes of a port do not come back to their hub in one wave.</summary>
internal sealed class Backoff(Random random)
{
    /// <summary>The longest wait before jitter.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private int _failures;

    /// <summary>The next wait: 50 % to 150 % of the doubled one.</summary>
    public TimeSpan Next()
    {
        var wait = Math.Min(First.TotalSeconds * Math.Pow(2, _failures), Longest.TotalSeconds);
        _failures = Math.Min(_failures + 1, 16);
        return TimeSpan.FromSeconds(wait * (0.5 + random.NextDouble()));
    }

    /// <summary>It worked: start again from the shortest.</summary>
    public void Reset() => _failures = 0;
}
