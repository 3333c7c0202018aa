using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Audit;

/// <summary>Signs the head of this hub's audit log each hour and when the hub closes, and keeps it in the store, where every hub takes it for its lanes.</summary>
internal sealed partial class HeadKeeper(AuditLog audit, SigningKey key, IStore store, HubFeed feed, TimeProvider time, ILogger<HeadKeeper> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private const int MostReplicas = 200;

    /// <summary>The newest head of each hub, oldest first.</summary>
    public IReadOnlyList<AuditHead> Newest()
    {
        var newest = new List<AuditHead>();
        for (var after = ""; newest.Count < MostReplicas && store.Range(AuditHead.Table.ById, after, Keys.Last.ToString(), 1) is [var some];)
        {
            newest.AddRange(store.Prefix(AuditHead.Table.ById, Keys.Join(some.Replica, ""), 1, newestFirst: true));
            after = Keys.Join(some.Replica, Keys.Last.ToString());
        }

        return [.. newest.OrderBy(h => h.At)];
    }

    /// <summary>Signs the head as it is now, unless it is the same as before.</summary>
    public async Task SignAsync()
    {
        if (audit.Last is not { } newest || store.Get(AuditHead.Table, Keys.Join(newest.Replica, Keys.Number((ulong)newest.Number))) is not null)
        {
            return;
        }

        var head = AuditHead.Of(newest, time.GetUtcNow(), key);
        await store.WriteAsync(writer =>
        {
            writer.Put(AuditHead.Table, head);
            return true;
        });
        feed.Publish(new AuditHeadEvent(head.At));
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Repeated.RunAsync(Every, time, TryAsync, stoppingToken);

    // The next hour signs all that this one could not.
    private async Task TryAsync()
    {
        try
        {
            await SignAsync();
        }
        catch (Exception error) when (error is StoreFailedException or ObjectDisposedException)
        {
            LogUnsigned(log, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The head of the audit log could not be kept for the lanes: {Fault}")]
    private static partial void LogUnsigned(ILogger log, string fault);
}
