using System.Diagnostics;

namespace Anpr.Edge.Tests.Hub;

/// <summary>Waits for something that another thread or process brings about.</summary>
internal static class Eventually
{
    /// <summary>Yields until <paramref name="condition"/> holds; fails with <paramref name="what"/> after a minute or <paramref name="patience"/>.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what, TimeSpan? patience = null)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < (patience ?? TimeSpan.FromMinutes(1)), $"waited in vain for: {what}");
            await timer.WaitForNextTickAsync();
        }
    }
}
