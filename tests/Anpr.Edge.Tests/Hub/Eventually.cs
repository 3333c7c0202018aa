using System.Diagnostics;

namespace Anpr.Edge.Tests.Hub;

/// <summary>Waits for something that another thread or process brings about.</summary>
internal static class Eventually
{
    /// <summary>Yields until <paramref name="condition"/> holds; fails with <paramref name="what"/> after 30 s.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"waited in vain for: {what}");
            await timer.WaitForNextTickAsync();
        }
    }
}
