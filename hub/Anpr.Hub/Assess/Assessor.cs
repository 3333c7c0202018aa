using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Assess;

/// <summary>
/// Turns hits into alerts and takes back those whose cause is gone. Runs inside the transaction that stores the sighting or
/// passage, so that a crash can neither lose an alert nor raise it twice. Returns the alerts that changed.
/// </summary>
public sealed class Assessor(TimeProvider time)
{
    private const string Hub = "hub";
    private const string NoPlateDisplay = "No plate read";
    private const int NoPlatePriority = 3;
    private const int PerPassage = 200;

    /// <summary>Compares a sighting with the watchlist, and settles what an earlier revision of it had raised.</summary>
    /// <param name="store">The transaction.</param>
    /// <param name="sighting">As linked.</param>
    /// <param name="list">The watchlist to compare with.</param>
    /// <param name="past">True when the sighting is old and is met only now: its alerts say so.</param>
    /// <param name="wholeList">False when <paramref name="list"/> is a part: then nothing is taken back.</param>
    public IReadOnlyList<Alert> OnSighting(
        IStoreWriter store, StoredSighting sighting, WatchlistMatcher list, bool past = false, bool wholeList = true)
    {
        var now = time.GetUtcNow();
        var known = store.Range(Alert.ByPassage, sighting.Message.PassageId, sighting.Message.PassageId, PerPassage)
            .Where(a => a.Port == sighting.Port && a.Lane == sighting.Lane)
            .ToDictionary(a => a.Hit, StringComparer.Ordinal);
        var changed = new List<Alert>();
        var hits = list.Match(sighting.Text, now);
        foreach (var hit in hits)
        {
            var key = WatchlistKey(hit.Entry.Id, sighting);
            Change(known.GetValueOrDefault(key), old => Supported(old, hit, sighting, key, now, past));
        }

        if (wholeList)
        {
            var still = hits.Select(h => WatchlistKey(h.Entry.Id, sighting)).ToHashSet(StringComparer.Ordinal);
            foreach (var alert in known.Values.Where(a => a.IsOpen && !still.Contains(a.Hit)))
            {
                Change(alert, old => Unsupported(store, old!, sighting, now));
            }
        }

        return changed;

        void Change(Alert? old, Func<Alert?, Alert> next)
        {
            var alert = next(old);
            if (!ReferenceEquals(alert, old))
            {
                store.Put(Alert.Table, alert);
                changed.Add(alert);
            }
        }
    }

    /// <summary>What assessing a sighting or passage is going to read.</summary>
    public static void Foresee(IStoreLookup store, string passage)
    {
        store.Range(Alert.ByPassage, passage, passage, PerPassage);
        store.Range(StoredSighting.ByPassage, passage, passage, PerPassage);
    }

    /// <summary>Raises "no plate read" for a closed passage without a sighting, and takes it back when a sighting turns up.</summary>
    public IReadOnlyList<Alert> OnPassage(IStoreWriter store, StoredPassage passage)
    {
        var now = time.GetUtcNow();
        var key = $"no_plate|{passage.Id}|{passage.LaneKey}";
        var old = store.Range(Alert.ByPassage, passage.Id, passage.Id, PerPassage).FirstOrDefault(a => a.Hit == key);
        if (!NoPlateRule.Applies(passage.Message) || store.Range(StoredSighting.ByPassage, passage.Id, passage.Id, PerPassage).Any(s => s.LaneKey == passage.LaneKey))
        {
            return old is { IsOpen: true } ? Put(store, old.With(AlertState.Withdrawn, now, Hub, "a plate was read after all")) : [];
        }

        return old switch
        {
            null => Put(store, NoPlate(passage, key, now)),
            { State: AlertState.Withdrawn } => Put(store, old.With(AlertState.Raised, now, Hub, "again no plate was read")),
            _ => [],
        };
    }

    private static IReadOnlyList<Alert> Put(IStoreWriter store, Alert alert)
    {
        store.Put(Alert.Table, alert);
        return [alert];
    }

    private static string WatchlistKey(string entry, StoredSighting sighting) => $"watchlist:{entry}|{sighting.Message.PassageId}|{sighting.LaneKey}";

    // The hit as it stands with this sighting behind it.
    private static Alert Supported(Alert? old, WatchlistHit hit, StoredSighting sighting, string key, DateTimeOffset now, bool past)
    {
        if (old is null)
        {
            return Watchlist(hit, sighting, key, now, past);
        }

        var seen = old with { Sightings = old.Sightings.Contains(sighting.Id) ? old.Sightings : [.. old.Sightings, sighting.Id] };
        if (old.State == AlertState.Withdrawn)
        {
            return (Showing(seen, sighting) with { Sightings = [sighting.Id] }).With(AlertState.Raised, now, Hub, $"reads {sighting.Text} again");
        }

        var shown = old.Sightings[0] == sighting.Id ? Showing(seen, sighting) : seen;
        return shown.Text == old.Text && shown.Loose == old.Loose && shown.Vehicle == old.Vehicle && shown.Sightings.Count == old.Sightings.Count ? old : shown;
    }

    // The hit without this sighting: it stays while another plate of the passage still hits.
    private static Alert Unsupported(IStoreWriter store, Alert old, StoredSighting sighting, DateTimeOffset now)
    {
        if (old.Cause == AlertCause.NoPlate)
        {
            return (old with { Text = sighting.Text, Vehicle = sighting.Vehicle, Sightings = [sighting.Id] }).With(AlertState.Withdrawn, now, Hub, $"now reads {sighting.Text}");
        }

        if (!old.Sightings.Contains(sighting.Id))
        {
            return old;
        }

        var others = old.Sightings.Where(s => s != sighting.Id).ToList();
        return others.Count > 0 && store.Get(StoredSighting.Table, others[0]) is { } left
            ? Showing(old, left) with { Sightings = others }
            : (old with { Text = sighting.Text, Vehicle = sighting.Vehicle }).With(AlertState.Withdrawn, now, Hub, $"now reads {sighting.Text}");
    }

    // What is said of a watchlist hit is said of one sighting, the one whose picture is shown: a hit is loose unless it reads the pattern itself.
    private static Alert Showing(Alert alert, StoredSighting sighting) =>
        alert with { Text = sighting.Text, Loose = sighting.Text != alert.Pattern, Vehicle = sighting.Vehicle };

    private static Alert Watchlist(WatchlistHit hit, StoredSighting sighting, string key, DateTimeOffset now, bool past)
    {
        var entry = hit.Entry;
        var words = $"{(hit.Loose ? "looks like" : "matches")} {entry.Pattern}: {entry.Display}";
        return new Alert(
            Guid.CreateVersion7(now).ToString(), key, AlertCause.Watchlist, entry.Id, entry.Pattern, entry.Display, entry.Priority, entry.Owner, entry.Covert,
            sighting.Port, sighting.Lane, sighting.Message.PassageId, [sighting.Id], sighting.Vehicle, sighting.Text, hit.Loose,
            sighting.CapturedAt, now, past, sighting.Simulated, sighting.Late, AlertState.Raised, [new AlertStep(now, AlertState.Raised, Hub, words)]);
    }

    private static Alert NoPlate(StoredPassage passage, string key, DateTimeOffset now) => new(
        Guid.CreateVersion7(now).ToString(), key, AlertCause.NoPlate, "", "", NoPlateDisplay, NoPlatePriority, "", false,
        passage.Port, passage.Lane, passage.Id, [], "", "", false,
        passage.OpenedAt, now, false, passage.Simulated, passage.Late, AlertState.Raised,
        [new AlertStep(now, AlertState.Raised, Hub, "a vehicle went through without a readable plate")]);
}
