using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Bookings;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Ops;

/// <summary>Tells those who listen to this hub what other hubs on the same store have written: alerts reach officers wherever they are signed in.</summary>
internal sealed class OtherHubs(IStore store, HubFeed feed, WatchlistBook watchlist, FleetBoard fleet, Linker linker, TimeProvider time) : IHostedService
{
    // Of a flood of sightings a screen shows the last ones.
    private const int MostAtOnce = 50;

    private static readonly TimeSpan News = TimeSpan.FromMinutes(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        store.Elsewhere += Hear;
        watchlist.Reload(); // what was changed between its reading and now
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        store.Elsewhere -= Hear;
        return Task.CompletedTask;
    }

    private void Hear(WrittenElsewhere written)
    {
        var now = time.GetUtcNow();
        if (written.Table is null)
        {
            watchlist.Reload();
            linker.Reload();
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
            linker.Reload();
        }
        else if (written.Table == Alert.Table.Name)
        {
            Tell(Alert.Table, written.Ids, alert => feed.Publish(new AlertEvent(now, alert, null)));
        }
        else if (written.Table == LaneStatus.Table.Name)
        {
            Tell(LaneStatus.Table, written.Ids, fleet.HeardElsewhere);
        }
        else if (feed.IsFollowed && written.Table == StoredSighting.Table.Name)
        {
            Tell(StoredSighting.Table, written.Ids.TakeLast(MostAtOnce), s => Tell(s, now));
        }
        else if (feed.IsFollowed && written.Table == StoredPassage.Table.Name)
        {
            Tell(StoredPassage.Table, written.Ids.TakeLast(MostAtOnce), p => feed.Publish(new PassageEvent(now, p, (now - p.ReceivedAt).TotalMilliseconds)));
        }
    }

    // What is written anew of the past, because vehicles were joined, is no news.
    private void Tell(StoredSighting sighting, DateTimeOffset now)
    {
        if (now - sighting.ReceivedAt < News)
        {
            feed.Publish(new SightingEvent(now, sighting, store.Get(Vehicle.Table, sighting.Vehicle)?.IsJourney ?? false, (now - sighting.ReceivedAt).TotalMilliseconds));
        }
    }

    private void Tell<T>(Table<T> table, IEnumerable<string> ids, Action<T> tell)
        where T : class
    {
        foreach (var id in ids)
        {
            if (store.Get(table, id) is { } record)
            {
                tell(record);
            }
        }
    }
}
