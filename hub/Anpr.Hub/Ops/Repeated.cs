namespace Anpr.Hub.Ops;

/// <summary>Work that a hosted service does again and again.</summary>
internal static class Repeated
{
    /// <summary>Does the work each time that <paramref name="every"/> has passed, until the hub stops. What the work throws ends it.</summary>
    /// <param name="every">From one beginning to the next.</param>
    /// <param name="time">The hub's clock.</param>
    /// <param name="work">What to do.</param>
    /// <param name="stop">Ends it, without an exception: a start that failed would otherwise be told as a failure of this.</param>
    public static async Task RunAsync(TimeSpan every, TimeProvider time, Func<Task> work, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await work();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the hub stops
        }
    }
}
