using System.Collections.Concurrent;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Assess;

/// <summary>What came of assessing a sighting.</summary>
/// <param name="Alerts">Those that changed.</param>
/// <param name="Dwell">How long after its first sighting at the port the vehicle came to its control; null elsewhere. To be learnt once it is stored.</param>
public sealed record Assessment(IReadOnlyList<Alert> Alerts, TimeSpan? Dwell);

/// <summary>
/// Asks the rules, turns their hits into alerts and takes back those whose cause is gone. Runs inside the transaction that stores the sighting
/// or passage, so that a crash can neither lose an alert nor raise it twice.
/// </summary>
public sealed partial class Assessor
{
    private const string Hub = "hub";
    private const int PerVisit = 12;

    // Passages from which the rules learn anew when the hub starts: a window of scores for each port.
    private const int Remembered = 3 * BudgetRule.Window;

    // Whatever else was told of it: a vehicle that was seen at a lane within this time still stands there.
    private static readonly TimeSpan Stands = TimeSpan.FromHours(1);

    // A vehicle that was not seen at a port for so long begins a new visit.
    private static readonly TimeSpan Visit = TimeSpan.FromHours(6);

    /// <summary>So many plates, and alerts, of one passage are looked at.</summary>
    internal const int PerPassage = 200;

    private readonly TimeProvider time;
    private readonly FormatRule format = new(CountryTable.LoadShipped());
    private readonly BudgetRule budget;
    private readonly DwellRule dwell = new();
    private readonly ConcurrentDictionary<string, string> stations = new(StringComparer.Ordinal);

    /// <summary>Learns from what the store holds.</summary>
    /// <param name="time">Hub clock.</param>
    /// <param name="store">Read once.</param>
    /// <param name="share">Share of each port's passages that the score tells, 0..1.</param>
    public Assessor(TimeProvider time, IStoreReader store, double share = BudgetRule.DefaultShare)
    {
        (this.time, budget) = (time, new BudgetRule(share));
        foreach (var passage in store.Newest(StoredPassage.ByTime, Remembered).Reverse())
        {
            Learn(passage);
        }
    }

    /// <summary>Learns from a passage that is stored: how high scores are, and what its lane is for.</summary>
    public void Learn(StoredPassage passage)
    {
        stations[passage.LaneKey] = passage.Message.Station;
        budget.Learn(passage.Port, passage.Message);
    }

    /// <summary>Learns how long a vehicle took to the control.</summary>
    public void Learn(StoredSighting sighting, TimeSpan took) => dwell.Learn(sighting.Port, sighting.CapturedAt, took);

    /// <summary>Compares a sighting with the watchlist and the rules, and settles what an earlier revision of it had raised.</summary>
    /// <param name="store">The transaction.</param>
    /// <param name="linked">The sighting with its link.</param>
    /// <param name="list">The watchlist to compare with.</param>
    /// <param name="past">True when the sighting is old and is met only now: its alerts say so, and no rule is asked.</param>
    public Assessment OnSighting(IStoreWriter store, Linked linked, WatchlistMatcher list, bool past = false)
    {
        var sighting = linked.Sighting;
        var (hits, first) = (Listed(sighting, list), (StoredSighting?)null);
        if (!past)
        {
            first = linked.Anew ? FirstOfVisit(store, linked) : null;
            hits = [.. hits, .. Found(store, linked, first, hits.Exists(h => h.Cause == AlertCause.Return))];
        }

        var alerts = Settle(store, sighting, hits, alert => IsJudged(alert, linked.Anew, past), past, founded: linked.IsFounded);
        return new Assessment(linked.Anew ? [.. Fallen(store, [sighting]), .. alerts] : alerts, first is null ? null : sighting.CapturedAt - first.CapturedAt);
    }

    /// <summary>Compares a sighting of the past with a part of the watchlist; nothing is taken back.</summary>
    /// <returns>The alerts that changed.</returns>
    public IReadOnlyList<Alert> OnPast(IStoreWriter store, StoredSighting sighting, WatchlistMatcher part) =>
        Settle(store, sighting, Listed(sighting, part), _ => false, past: true);

    /// <summary>Raises what was found of a vehicle's company, once for each passage.</summary>
    /// <returns>The alert; null when it stands already.</returns>
    public Alert? OnCompany(IStoreWriter store, StoredSighting sighting, Hit hit) =>
        Settle(store, sighting, [hit], _ => false) is [var alert] ? alert : null;

    /// <summary>Lets alerts name the vehicle that their sightings belong to now.</summary>
    /// <returns>The alerts that changed.</returns>
    public IReadOnlyList<Alert> OnMoved(IStoreWriter store, IReadOnlyList<StoredSighting> moved)
    {
        var changed = new List<Alert>();
        foreach (var sighting in moved)
        {
            foreach (var alert in store.Range(Alert.ByPassage, sighting.Message.PassageId, sighting.Message.PassageId, PerPassage).Where(a => a.Sightings is [var shown, ..] && shown == sighting.Id))
            {
                var renamed = alert with { Vehicle = sighting.Vehicle };
                store.Put(Alert.Table, renamed);
                changed.Add(renamed);
            }
        }

        return [.. changed.UnionBy(Fallen(store, moved), a => a.Id, StringComparer.Ordinal)];
    }

    // What rests on an earlier sighting falls once the two are no longer one vehicle: one of them was revised, or a person took them apart.
    private List<Alert> Fallen(IStoreWriter store, IReadOnlyList<StoredSighting> moved)
    {
        var now = time.GetUtcNow();
        var fallen = new List<Alert>();
        var resting = moved.SelectMany(s => store.Range(Alert.ByRest, s.Id, s.Id, PerPassage)
            .Concat(store.Range(Alert.ByPassage, s.Message.PassageId, s.Message.PassageId, PerPassage).Where(a => a.IsOpen && a.Rests.Length > 0 && a.Sightings.Contains(s.Id, StringComparer.Ordinal))));
        foreach (var alert in resting.DistinctBy(a => a.Id, StringComparer.Ordinal).ToList())
        {
            if (store.Get(StoredSighting.Table, alert.Rests) is { } rest && store.Get(StoredSighting.Table, alert.Sightings[0]) is { } shown && rest.Vehicle != shown.Vehicle)
            {
                var withdrawn = (alert with { Vehicle = shown.Vehicle }).With(AlertState.Withdrawn, now, Hub, $"{rest.Text} at {rest.LaneKey} was another vehicle");
                store.Put(Alert.Table, withdrawn);
                fallen.Add(withdrawn);
            }
        }

        return fallen;
    }

    /// <summary>Asks the rules on passages, and takes back what a later revision disproves. A danger to life is never taken back: a person decides.</summary>
    /// <param name="store">The transaction.</param>
    /// <param name="passage">As stored.</param>
    /// <param name="before">Its revision before; null when there is none.</param>
    /// <returns>The alerts that changed.</returns>
    public IReadOnlyList<Alert> OnPassage(IStoreWriter store, StoredPassage passage, StoredPassage? before)
    {
        var now = time.GetUtcNow();
        var known = Known(store, passage.Id, passage.LaneKey);
        var read = store.Range(StoredSighting.ByPassage, passage.Id, passage.Id, PerPassage).Where(s => s.LaneKey == passage.LaneKey).ToList();
        List<Hit> hits = [.. DangerRule.Of(passage.Message)];
        // Its own score is among those that were learnt once it has closed.
        var scored = before?.Message.Stage != Proto.V1.Stage.Closed || before.Message.Score != passage.Message.Score;
        hits.AddRange(new[] { read.Count > 0 ? null : NoPlateRule.Of(passage.Message), scored ? budget.Of(passage.Port, passage.Message) : null }.OfType<Hit>());
        var changed = new List<Alert>();
        foreach (var hit in hits)
        {
            var key = Key(hit, passage.Id, passage.LaneKey);
            if (!known.TryGetValue(key, out var old))
            {
                Put(Raised(hit, passage, read.FirstOrDefault(), key, now));
            }
            else if (old.State == AlertState.Withdrawn)
            {
                Put(old.With(AlertState.Raised, now, Hub, hit.Why.En));
            }
        }

        var still = hits.Select(h => Key(h, passage.Id, passage.LaneKey)).ToHashSet(StringComparer.Ordinal);
        foreach (var alert in known.Values.Where(a => a.IsOpen && (a.Cause == AlertCause.NoPlate || (scored && a.Cause == AlertCause.Score)) && !still.Contains(a.Hit)))
        {
            Put(alert.With(AlertState.Withdrawn, now, Hub, alert.Cause == AlertCause.NoPlate ? "a plate was read after all" : "its score is no longer among the highest"));
        }

        return changed;

        void Put(Alert alert)
        {
            store.Put(Alert.Table, alert);
            changed.Add(alert);
        }
    }

    // A revision that reads as before takes nothing back: neither an entry that has ended meanwhile nor what is said of the way. What is said of
    // passages is theirs to take back.
    private static bool IsJudged(Alert alert, bool anew, bool past) => alert.Cause switch
    {
        AlertCause.NoPlate => true,
        AlertCause.Score or AlertCause.Danger or AlertCause.CompanyKept => false,
        AlertCause.Watchlist => anew,
        AlertCause.Return when alert.Entry.Length > 0 => anew,
        _ => anew && !past,
    };

    private List<Hit> Listed(StoredSighting sighting, WatchlistMatcher list)
    {
        var hits = new List<Hit>();
        foreach (var hit in list.Match(WatchlistMatcher.Reading(sighting.Message), sighting.Port, time.GetUtcNow()))
        {
            if (hit.Entry.TurnedAway is null)
            {
                hits.Add(WatchlistRule.Hit(hit, sighting.Text));
            }
            else if (ReturnRule.Of(sighting, hit.Entry, hit.Loose) is { } back)
            {
                hits.Add(back);
            }
        }

        return hits;
    }

    private List<Hit> Found(IStoreWriter store, Linked linked, StoredSighting? first, bool returned)
    {
        var sighting = linked.Sighting;
        List<Hit?> hits = [format.Of(sighting.Message), PairingOf(store, linked), first is null ? null : dwell.Of(sighting.Port, sighting.CapturedAt, sighting.CapturedAt - first.CapturedAt) is { } slow ? slow with { Rests = first.Id } : null];
        hits.AddRange(linked.Conflicts.Select(c => ImpossibleJourneyRule.Of(sighting, c)));
        if (linked.Previous is { } before && !returned && !hits.Exists(h => h?.Rests == before.Id && h.Cause == AlertCause.ImpossibleJourney))
        {
            hits.Add(ReturnRule.Of(sighting, before, StationOf(before), StationOf(sighting), () => LeastReturn(linked.Ways, before.Port)));
        }

        return [.. hits.OfType<Hit>().DistinctBy(h => (h.Cause, h.About))];
    }

    private static Hit? PairingOf(IStoreWriter store, Linked linked) =>
        Coupled.In(store, linked.Sighting) is { Front: not null, Rear: not null } now && !(linked.IsFounded && now.Front.Id == linked.Sighting.Id) && Coupled.Before(store, now.Front, Visit) is { } before
            ? PairingRule.Of(before, now)
            : null;

    // From the controls of a port to any lane at which vehicles come to be let across.
    private LeastTime? LeastReturn(TravelBook? ways, string port) =>
        ways?.LeastReturn(l => stations.GetValueOrDefault(l) == "control", l => stations.GetValueOrDefault(l) is "control" or "approach", port, ReturnRule.Shortest(port));

    private string StationOf(StoredSighting sighting) => stations.GetValueOrDefault(sighting.LaneKey, "");

    // From the first of the sightings at this port that follow each other within a visit.
    private StoredSighting? FirstOfVisit(IStoreWriter store, Linked linked)
    {
        var here = linked.Sighting;
        if (StationOf(here) != "control" || linked.Previous?.Port != here.Port)
        {
            return null;
        }

        var first = here;
        foreach (var earlier in OfVisit(store, here))
        {
            if (earlier.Port != here.Port || first.CapturedAt - earlier.CapturedAt > Visit)
            {
                break;
            }

            first = earlier;
        }

        return first.LaneKey == here.LaneKey ? null : first;
    }

    private List<Alert> Settle(IStoreWriter store, StoredSighting sighting, List<Hit> hits, Func<Alert, bool> isJudged, bool past = false, bool founded = false)
    {
        var now = time.GetUtcNow();
        var known = Known(store, sighting.Message.PassageId, sighting.LaneKey);
        var changed = new List<Alert>();
        foreach (var hit in hits)
        {
            var key = Key(hit, sighting.Message.PassageId, sighting.LaneKey);
            Change(known.GetValueOrDefault(key) ?? (past || founded ? null : Standing(store, hit, sighting)), old => Supported(old, hit, sighting, key, now, past));
        }

        var still = hits.Select(h => Key(h, sighting.Message.PassageId, sighting.LaneKey)).ToHashSet(StringComparer.Ordinal);
        foreach (var alert in known.Values.Where(a => a.IsOpen && !still.Contains(a.Hit) && isJudged(a)))
        {
            Change(alert, old => Unsupported(store, old!, sighting, now));
        }

        // What is said of the passage is shown with its plate: officers look for that vehicle.
        foreach (var alert in known.Values.Where(a => a.IsOpen && a.Cause is AlertCause.Danger or AlertCause.Score && (a.Sightings.Count == 0 || a.Sightings[0] == sighting.Id)))
        {
            Change(alert, old => old!.Text == sighting.Text && old.Vehicle == sighting.Vehicle ? old : Showing(old, sighting) with { Sightings = [sighting.Id] });
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

    // A vehicle that stands at a lane, and is taken for one passage after another, is one hit.
    private static Alert? Standing(IStoreWriter store, Hit hit, StoredSighting sighting)
    {
        var name = Key(hit, "", "")[..^2];
        return AlertsWhileStanding(store, sighting)
            .FirstOrDefault(a => a.IsOpen && !a.BackMatch && a.Port == sighting.Port && a.Lane == sighting.Lane && a.Hit.StartsWith(name + "|", StringComparison.Ordinal));
    }

    private static Dictionary<string, Alert> Known(IStoreReader store, string passage, string lane) =>
        store.Range(Alert.ByPassage, passage, passage, PerPassage).Where(a => $"{a.Port}/{a.Lane}" == lane).ToDictionary(a => a.Hit, StringComparer.Ordinal);

    private static string Key(Hit hit, string passage, string lane) => $"{Alert.Name(hit.Cause)}{(hit.About.Length > 0 ? ":" + hit.About : "")}|{passage}|{lane}";

    // The hit as it stands with this sighting behind it.
    private static Alert Supported(Alert? old, Hit hit, StoredSighting sighting, string key, DateTimeOffset now, bool past)
    {
        if (old is null)
        {
            return Raised(hit, sighting, key, now, past);
        }

        var seen = old with { Sightings = old.Sightings.Contains(sighting.Id) ? old.Sightings : [.. old.Sightings, sighting.Id] };
        if (old.State == AlertState.Withdrawn)
        {
            return (Showing(seen, sighting) with { Sightings = [sighting.Id], Why = hit.Why, Rests = hit.Rests }).With(AlertState.Raised, now, Hub, $"reads {sighting.Text} again");
        }

        var shown = old.Sightings[0] == sighting.Id ? Showing(seen, sighting) : seen;
        return shown.Text == old.Text && shown.Loose == old.Loose && shown.Vehicle == old.Vehicle && shown.Probability == old.Probability && shown.Sightings.Count == old.Sightings.Count ? old : shown;
    }

    // The hit without this sighting: it stays while another plate of the passage still hits.
    private static Alert Unsupported(IStoreWriter store, Alert old, StoredSighting sighting, DateTimeOffset now)
    {
        if (old.Cause == AlertCause.NoPlate)
        {
            return (old with { Text = sighting.Text, Vehicle = sighting.Vehicle, Sightings = [sighting.Id] }).With(AlertState.Withdrawn, now, Hub, NowReads(sighting.Text));
        }

        if (!old.Sightings.Contains(sighting.Id))
        {
            return old;
        }

        var others = old.Sightings.Where(s => s != sighting.Id).ToList();
        return others.Count > 0 && store.Get(StoredSighting.Table, others[0]) is { } left
            ? Showing(old, left) with { Sightings = others }
            : (old with { Text = sighting.Text, Vehicle = sighting.Vehicle }).With(AlertState.Withdrawn, now, Hub, sighting.Text == old.Text ? "what was found of it is no longer so" : NowReads(sighting.Text));
    }

    /// <summary>The words with which an alert is taken back whose plate reads otherwise.</summary>
    internal static string NowReads(string text) => $"now reads {text}";

    // What is said of a hit is said of one sighting, the one whose picture is shown: one of the watchlist is loose unless it reads the pattern itself.
    private static Alert Showing(Alert alert, StoredSighting sighting) =>
        alert with { Text = sighting.Text, Loose = alert.Pattern.Length > 0 && sighting.Text != alert.Pattern, Probability = IsListed(alert.Pattern, sighting), Vehicle = sighting.Vehicle };

    private static double? IsListed(string pattern, StoredSighting sighting) => pattern.Length == 0 || pattern.AsSpan().ContainsAny('?', '*')
        ? null
        : Math.Round(WatchlistMatcher.Reading(sighting.Message).ProbabilityOf(pattern), 2);

    private static Alert Raised(Hit hit, StoredSighting sighting, string key, DateTimeOffset now, bool past)
    {
        var entry = hit.Entry;
        return new Alert(
            Guid.CreateVersion7(now).ToString(), key, hit.Cause, entry?.Id ?? "", entry?.Pattern ?? "", hit.Display, hit.Priority, entry?.Owner ?? "", entry?.Covert ?? false,
            sighting.Port, sighting.Lane, sighting.Message.PassageId, [sighting.Id], sighting.Vehicle, sighting.Text, hit.Loose,
            sighting.CapturedAt, now, past, sighting.Simulated, sighting.Late, AlertState.Raised, [new AlertStep(now, AlertState.Raised, Hub, hit.Why.En)])
        {
            Why = hit.Why,
            Probability = IsListed(entry?.Pattern ?? "", sighting),
            Rests = hit.Rests,
        };
    }

    private static Alert Raised(Hit hit, StoredPassage passage, StoredSighting? read, string key, DateTimeOffset now) => new(
        Guid.CreateVersion7(now).ToString(), key, hit.Cause, "", "", hit.Display, hit.Priority, "", false,
        passage.Port, passage.Lane, passage.Id, read is null ? [] : [read.Id], read?.Vehicle ?? "", read?.Text ?? "", false,
        passage.OpenedAt, now, false, passage.Simulated, passage.Late, AlertState.Raised, [new AlertStep(now, AlertState.Raised, Hub, hit.Why.En)])
    {
        Why = hit.Why,
    };
}
