using Anpr.Hub.Ops;

namespace Anpr.Hub.Fleet;

/// <summary>Looks for silent lanes every few seconds.</summary>
internal sealed partial class SilenceWatch(FleetBoard fleet, TimeProvider time, ILogger<SilenceWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Repeated.RunAsync(Every, time, FindAsync, stoppingToken);

    private async Task FindAsync()
    {
        try
        {
            await fleet.FindSilentAsync();
        }
        catch (Storage.StoreFailedException failed)
        {
            LogFailed(log, failed.Message); // the next look tries again
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silent lanes could not be kept: {Fault}")]
    private static partial void LogFailed(ILogger log, string fault);
}
