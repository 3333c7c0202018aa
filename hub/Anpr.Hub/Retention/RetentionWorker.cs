using Anpr.Hub.Ops;

namespace Anpr.Hub.Retention;

/// <summary>Runs a pass an hour, and finishes in this hub's audit log what was erased on request at another.</summary>
internal sealed partial class RetentionWorker(RetentionPass pass, ErasureDesk erasures, TimeProvider time, ILogger<RetentionWorker> log) : BackgroundService
{
    // A hub that has just started has lanes that send what they kept.
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(First, time, stoppingToken);
            await RoundAsync(stoppingToken);
            await Repeated.RunAsync(Every, time, () => RoundAsync(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // the hub stops: the next pass goes on
        }
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        await TryAsync(() => erasures.GoOnAsync(cancellation), cancellation);
        await TryAsync(erasures.FinishAsync, cancellation);
        await TryAsync(() => PassAsync(cancellation), cancellation);
    }

    private async Task PassAsync(CancellationToken cancellation)
    {
        if (await pass.RunAsync(cancellation) is { Records: > 0 } erasure)
        {
            LogErased(log, erasure.Words);
        }
    }

    private async Task TryAsync(Func<Task> work, CancellationToken cancellation)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // one damaged record must neither end the hub nor keep what comes after it from running
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFailed(log, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Of what had been kept for its period were erased: {Counts}")]
    private static partial void LogErased(ILogger log, string counts);

    [LoggerMessage(Level = LogLevel.Error, Message = "What has been kept for its period could not all be erased, and is tried again in an hour: {Fault}")]
    private static partial void LogFailed(ILogger log, string fault);
}
