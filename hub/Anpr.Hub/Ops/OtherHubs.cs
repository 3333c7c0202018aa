using System.Threading.Channels;
using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Bookings;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Ops;

/// <summary>
/// Tells those who listen to this hub what other hubs on the same store have written: alerts reach officers wherever they are signed in. What was
/// learned is read anew beside that, so that no alert waits for it.
/// </summary>
internal sealed partial class OtherHubs(IStore store, HubFeed feed, WatchlistBook watchlist, FleetBoard fleet, Linker linker, TimeProvider time, ILogger<OtherHubs> log) : BackgroundService
{
    // Of a flood of sightings a screen shows the last ones.
    private const int MostAtOnce = 50;

    private static readonly TimeSpan News = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // However often something new was learned meanwhile, it is read once.
    private readonly Channel<bool> learned = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        store.Elsewhere += Hear;
        watchlist.Reload(); // what was changed between its reading and now
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        store.Elsewhere -= Hear;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in learned.Reader.ReadAllAsync(stoppingToken))
            {
                await ReloadAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // the hub stops
        }
    }

    private async Task ReloadAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Run(linker.Reload, cancellation);
        }
        catch (StoreFailedException failed)
        {
            LogNotRead(log, failed.Message);
            await Task.Delay(Pause, time, cancellation);
            learned.Writer.TryWrite(true);
        }
    }

    private void Hear(WrittenElsewhere written)
    {
        var now = time.GetUtcNow();
        if (written.Table is null)
        {
            watchlist.Reload();
            learned.Writer.TryWrite(true);
            feed.Publish(new MissedEvent(now));
        }
        else if (written.Table == ListEntry.Table.Name)
        {
            watchlist.Reload();
        }
        else if (written.Table == Booking.Table.Name)
        {
            feed.Publish(new BookingsEvent(now));
        }
        else if (written.Table == AuditHead.Table.Name)
        {
            feed.Publish(new AuditHeadEvent(now));
        }
        else if (written.Table == LearnedVersion.Table.Name)
        {
            learned.Writer.TryWrite(true);
        }
        else if (written.Table == Alert.Table.Name)
        {
            foreach (var alert in store.Get(Alert.Table, written.Ids))
            {
                feed.Publish(new AlertEvent(now, alert, null));
            }
        }
        else if (written.Table == LaneStatus.Table.Name)
        {
            foreach (var lane in store.Get(LaneStatus.Table, written.Ids))
            {
                fleet.HeardElsewhere(lane);
            }
        }
        else if (written.Table == StoredSighting.Table.Name && feed.IsFollowed(typeof(SightingElsewhereEvent)))
        {
            Tell(store.Get(StoredSighting.Table, [.. written.Ids.TakeLast(MostAtOnce)]), now);
        }
        else if (written.Table == StoredPassage.Table.Name && feed.IsFollowed(typeof(PassageEvent)))
        {
            foreach (var passage in store.Get(StoredPassage.Table, [.. written.Ids.TakeLast(MostAtOnce)]))
            {
                feed.Publish(new PassageEvent(now, passage, (now - passage.ReceivedAt).TotalMilliseconds));
            }
        }
    }

    // What is written anew of the past, because vehicles were joined, is no news.
    private void Tell(IReadOnlyList<StoredSighting> sightings, DateTimeOffset now)
    {
        List<StoredSighting> news = [.. sightings.Where(s => now - s.ReceivedAt < News)];
        var vehicles = store.Get(Vehicle.Table, [.. news.Select(s => s.Vehicle).Distinct(StringComparer.Ordinal)]).ToDictionary(v => v.Id, StringComparer.Ordinal);
        foreach (var sighting in news)
        {
            feed.Publish(new SightingElsewhereEvent(now, sighting, vehicles.GetValueOrDefault(sighting.Vehicle), (now - sighting.ReceivedAt).TotalMilliseconds));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What another hub has learned was not read yet: {Fault}")]
    private static partial void LogNotRead(ILogger log, string fault);
}
