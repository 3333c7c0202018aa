namespace Anpr.Hub.Fleet;

/// <summary>Looks for silent lanes every few seconds.</summary>
internal sealed class SilenceWatch(FleetBoard fleet, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                fleet.FindSilent();
            }
        }
        catch (OperationCanceledException)
        {
            // the hub stops; a start that failed would otherwise be told as a failure of this watch
        }
    }
}
