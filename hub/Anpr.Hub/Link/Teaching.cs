using Anpr.Hub.Ops;

namespace Anpr.Hub.Link;

/// <summary>Learns anew from time to time, for all hubs on one store: whichever comes first makes the version, and the others go on with it.</summary>
internal sealed partial class Teaching(LearningDesk desk, TimeProvider time, ILogger<Teaching> log) : BackgroundService
{
    /// <summary>How often a version is made while vehicles come.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Younger sightings are left for the next time: they may be revised, or joined to others.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(10);

    // Hubs look more often than they learn, so that another hub's end is soon made up for.
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Repeated.RunAsync(Look, time, LearnAsync, stoppingToken);

    private async Task LearnAsync()
    {
        try
        {
            await desk.LearnAsync();
        }
        catch (IOException failed) // the store's failures, and the audit's, are told where they begin; the next look tries again
        {
            LogNotLearned(log, failed.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing was learned this time: {Fault}")]
    private static partial void LogNotLearned(ILogger log, string fault);
}
