namespace Anpr.Edge.Capture;

/// <summary>Waits before trying again: doubling from the first to the longest, each spread by a quarter so that many cameras do not come back at once.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private int _failures;

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        var plain = Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 30)));
        return TimeSpan.FromSeconds(plain * (0.75 + (0.5 * random.NextDouble())));
    }

    /// <summary>It worked: the next wait is the first again.</summary>
    public void Reset() => _failures = 0;
}
