using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;
using Microsoft.Extensions.Options;

namespace Anpr.Hub.Link;

/// <summary>
/// Finds the vehicle of a sighting, or founds one. Runs inside the transaction that stores the sighting, so that a sighting
/// is never stored without its link.
/// </summary>
/// <remarks>
/// For each vehicle that the read may show, the odds are the ratio of <see cref="PlateOdds"/> times the rate at which a vehicle seen where it
/// was seen last comes here after that time (<see cref="TravelBook"/>). Against all of them together stand a vehicle never seen before, at
/// the rate at which such come to this lane, and an unseen one of the best candidate's series: fleets drive together.
/// </remarks>
public sealed class Linker
{
    private const int FewSightings = 20;
    private const int LittleKnown = 3;

    // Of that many vehicles that a read may show all is foreseen; the others are rarely its.
    private const int Likely = 2;

    // Sightings of one vehicle that may be revised in one commit.
    private const int Revisions = 4;

    // Reads that are not so much more probable as one registration than as two of no relation, or so much less than as two of a series, are not
    // worth a second look.
    private const double AgainstOthers = 100;
    private const double AgainstSiblings = 0.003;

    // How often one never seen comes within minutes of a vehicle whose registration is its neighbour's in a series: once another of the
    // series is known, and else.
    private const double FleetSibling = 0.4;
    private const double LoneSibling = 0.04;
    private static readonly TimeSpan Convoy = TimeSpan.FromMinutes(5);

    // Two reads of one vehicle rarely disagree on the country, two vehicles often do.
    private static readonly double OtherCountry = Math.Exp(-3);

    private static readonly char[] Digits = [.. "0123456789"];

    private readonly LinkOptions options;
    private readonly TimeProvider time;
    private readonly IStoreReader records;
    private readonly Lock reloading = new();
    private volatile Learned learned;

    /// <summary>Begins with what the store holds.</summary>
    public Linker(IOptions<LinkOptions> options, TimeProvider time, IStoreReader store)
    {
        (this.options, this.time, records, learned) = (options.Value, time, store, Learned.Load(store));
    }

    /// <summary>Goes on with the version that the store holds now, whoever made it. It reads for seconds.</summary>
    public void Reload()
    {
        lock (reloading)
        {
            learned = Learned.Load(records);
        }
    }

    /// <summary>Learns from a sighting that is stored: where its vehicle came from, or that it is new.</summary>
    public void Learn(Linked linked)
    {
        if (linked.Lesson is { } lesson)
        {
            learned.Travel.Learn(lesson);
        }
    }

    /// <summary>How long vehicles take from one port to another, by what all hubs have learned; null where too few have gone that way.</summary>
    public UsualTime? Usual(string fromPort, string toPort) => learned.Travel.Usual(fromPort, toPort);

    /// <summary>What was learned of how lanes read.</summary>
    internal ReadBook Reads => learned.Reads;

    /// <summary>Links the sighting, stores it and its vehicle, and lets go of the vehicle that an earlier revision was linked to.</summary>
    public Linked Link(IStoreWriter store, StoredSighting sighting)
    {
        var before = store.Get(StoredSighting.Table, sighting.Id);
        var evidence = learned.Reads.EvidenceOf(sighting);
        if (before is not null && before.Text == sighting.Text && store.Get(Vehicle.Table, before.Vehicle) is { } same && CanHavePassed(store, same, sighting))
        {
            return Keep(store, sighting, before, same, evidence);
        }

        if (before is not null)
        {
            store.Delete(StoredSighting.Table, before.Id);
            VehicleBook.Recount(store, learned.Reads, before.Vehicle, 1);
        }

        var since = sighting.CapturedAt - options.Window;
        var candidates = VehicleBook.Candidates(store, sighting.Text, since);
        var linked = Decide(store, sighting, evidence, candidates);
        return Gather(store, linked.Vehicle.Text == sighting.Text ? candidates : VehicleBook.Candidates(store, linked.Vehicle.Text, since), before is null ? linked : linked with { Lesson = null }, since);
    }

    /// <summary>What linking a sighting is going to read: who it may be, and what stands beside it in their journeys.</summary>
    /// <returns>Is run on what is known by then, and answers the vehicles that are likely to be found.</returns>
    public Func<IStoreLookup, IReadOnlyList<Vehicle>> Foresee(string id, string text, DateTimeOffset at)
    {
        var (shape, since) = (Confusables.Shape(text), at - options.Window);
        var ranges = PlateKey.Ranges(shape, since);
        return store =>
        {
            var before = store.Get(StoredSighting.Table, id);
            var its = before is null ? null : store.Get(Vehicle.Table, before.Vehicle);
            if (its is not null)
            {
                VehicleBook.Around(store, its, at, besides: Revisions);
            }

            var candidates = VehicleBook.Candidates(store, shape, ranges);
            foreach (var vehicle in candidates)
            {
                VehicleBook.Around(store, vehicle, at);
            }

            if (its is not null && before!.Text == text)
            {
                return [its];
            }

            if (its is not null)
            {
                VehicleBook.ForeseeRecount(store, its.Id);
            }

            // Of those that are as near by their letters it is more likely the one that was seen closest to that time.
            var likely = candidates.Select(v => (Vehicle: v, Shape: Confusables.Shape(v.Text))).OrderBy(v => PlateText.Distance(v.Shape, shape)).ThenBy(v => (v.Vehicle.LastSeen - at).Duration()).Take(Likely).ToList();
            foreach (var other in likely.Select(v => v.Shape).Where(s => s != shape).Distinct(StringComparer.Ordinal))
            {
                VehicleBook.Candidates(store, other, PlateKey.Ranges(other, since)); // of a misread, what it is joined to is compared with its own
            }

            return [.. likely.Select(v => v.Vehicle)];
        };
    }

    private Linked Decide(IStoreWriter store, StoredSighting sighting, PlateEvidence evidence, List<Vehicle> candidates)
    {
        var (best, probability, reasons, conflicts) = Best(store, sighting, evidence, candidates);
        if (best is null)
        {
            return Found(store, sighting, evidence, reasons) with { Conflicts = conflicts, Lesson = Lesson.Of(sighting, before: null) };
        }

        var linked = sighting with { Vehicle = best.Vehicle.Id, LinkProbability = probability, LinkReasons = reasons };
        store.Put(StoredSighting.Table, linked);
        return new Linked(VehicleBook.Put(store, best.Vehicle.With(linked, evidence), best.Vehicle), linked)
        {
            Previous = best.Before,
            Conflicts = TooSoon(sighting, evidence, best) is { } soon ? [.. conflicts, soon] : conflicts,
            Ways = learned.Travel,
            Lesson = best.Before is { } last ? Learned.LessonOf(sighting, last, best.Vehicle.Sightings + 1) : null,
        };
    }

    // It came from another port sooner than next to all others: one registration may be on two vehicles.
    private Conflict? TooSoon(StoredSighting sighting, PlateEvidence evidence, Candidate best) =>
        best.Before is { } before && before.Port != sighting.Port && learned.Travel.Least(before.Port, sighting.Port) is { } least && sighting.CapturedAt - before.CapturedAt < least.Took
            ? new Conflict(best.Vehicle, before, Spread.Of(evidence).SameAs(Spread.Of(best.Vehicle.Characters, evidence.Letters))) { Least = least }
            : null;

    // Later evidence: a vehicle that was founded apart, and seen seldom, may after all be this one, which is known better now. Of one that
    // is known well, those that were there when it was seen before were looked at then.
    private Linked Gather(IStoreWriter store, List<Vehicle> candidates, Linked linked, DateTimeOffset since)
    {
        if (linked.Previous is not { } before)
        {
            return linked; // founded just now: it was compared with all of them
        }

        var letters = learned.Reads.All;
        var spread = Spread.Of(linked.Vehicle.Characters, letters);
        bool IsNews(Vehicle other) => linked.Vehicle.Sightings <= LittleKnown || other.LastSeen >= before.CapturedAt;
        bool IsWorthALook(Spread theirs) => PlateOdds.Same(spread, theirs) is var same && same >= AgainstOthers
            && same >= AgainstSiblings * PlateOdds.Sibling(spread, theirs, linked.Vehicle.Text.LastIndexOfAny(Digits));
        foreach (var other in candidates.Where(v => v.Id != linked.Vehicle.Id && v.Sightings <= FewSightings && IsNews(v) && IsWorthALook(Spread.Of(v.Characters, letters))))
        {
            var theirs = store.Prefix(StoredSighting.ByVehicle, Keys.Join(other.Id, ""), FewSightings);
            var (best, probability, reasons, _) = Best(store, theirs[0], new PlateEvidence(other.Text, other.Characters, other.Country) { Letters = letters }, VehicleBook.Candidates(store, theirs[0].Text, since), except: other.Id);
            if (best?.Vehicle.Id != linked.Vehicle.Id || store.Get(Apart.Table, Apart.Key(other.Id, linked.Vehicle.Id)) is not null || !theirs.All(s => CanHavePassed(store, linked.Vehicle, s)))
            {
                continue;
            }

            var into = linked.Vehicle;
            linked = Join(store, linked, other, theirs, probability, s => [LinkWords.Why(s, into), .. reasons.Skip(1)], unaudited: true);
        }

        return linked;
    }

    // What was a vehicle of its own becomes the one that a sighting is linked to.
    private Linked Join(IStoreWriter store, Linked linked, Vehicle other, IReadOnlyList<StoredSighting> theirs, double probability, Func<StoredSighting, IReadOnlyList<string>> reasons, bool unaudited)
    {
        VehicleBook.Forget(store, other);
        var vehicle = linked.Vehicle;
        var moved = theirs.Select(s => s with { Vehicle = vehicle.Id, LinkProbability = probability, LinkReasons = reasons(s) }).ToList();
        foreach (var sighting in moved)
        {
            store.Put(StoredSighting.Table, sighting);
            vehicle = vehicle.With(sighting, learned.Reads.EvidenceOf(sighting));
        }

        var now = time.GetUtcNow();
        var merge = new Merge(Guid.CreateVersion7(now).ToString(), now, other, vehicle.Id, [.. moved.Select(s => s.Id)], probability, moved[0].LinkReasons[0]) { Unaudited = unaudited };
        store.Put(Merge.Table, merge);
        Apart.Inherit(store, merge);
        return linked with { Vehicle = VehicleBook.Put(store, vehicle, linked.Vehicle), Merges = [.. linked.Merges, merge], Moved = [.. linked.Moved, .. moved] };
    }

    /// <summary>Takes apart what was joined: a person knows better. The two are never joined again.</summary>
    /// <returns>The merge as it is now, and the sightings that went back; none when there is no such merge, or it was undone before.</returns>
    public (Merge? Merge, IReadOnlyList<StoredSighting> Moved) Undo(IStoreWriter store, string id, string by)
    {
        if (store.Get(Merge.Table, id) is not { } merge || merge.UndoneBy.Length > 0)
        {
            return (null, []);
        }

        var now = Merge.Now(store, merge.Into);
        var back = merge.Sightings.Select(s => store.Get(StoredSighting.Table, s)).OfType<StoredSighting>().Where(s => s.Vehicle == now)
            .Select(s => s with { Vehicle = merge.Gone.Id, LinkProbability = 1, LinkReasons = [$"taken apart by {by}"] }).OrderBy(s => s.CapturedAt).ToList();
        foreach (var sighting in back)
        {
            store.Put(StoredSighting.Table, sighting);
        }

        if (back.Count > 0)
        {
            VehicleBook.Put(store, back.Skip(1).Aggregate(Vehicle.Of(back[0], learned.Reads.EvidenceOf(back[0])), (v, s) => v.With(s, learned.Reads.EvidenceOf(s))), before: null);
            VehicleBook.Recount(store, learned.Reads, now, back.Count);
        }

        merge = merge with { UndoneBy = by };
        store.Put(Merge.Table, merge);
        Apart.Disinherit(store, merge);
        store.Put(Apart.Table, new Apart(merge.Gone.Id, now, by));
        return (merge, back);
    }

    /// <summary>Joins again what a person has taken apart by mistake; it can be undone once more.</summary>
    /// <returns>
    /// The new merge, and the sightings that moved; none when there is no such merge, it stands, one of the two is no more, or they are one already.
    /// </returns>
    /// <exception cref="InputException">One vehicle cannot have been at all the places where the two were.</exception>
    public (Merge? Merge, IReadOnlyList<StoredSighting> Moved) Redo(IStoreWriter store, string id, string by)
    {
        if (store.Get(Merge.Table, id) is not { UndoneBy.Length: > 0 } undone
            || store.Get(Vehicle.Table, Merge.Now(store, undone.Gone.Id)) is not { } gone || store.Get(Vehicle.Table, Merge.Now(store, undone.Into)) is not { } into || gone.Id == into.Id)
        {
            return (null, []);
        }

        var theirs = store.Prefix(StoredSighting.ByVehicle, Keys.Join(gone.Id, ""), int.MaxValue);
        if (theirs.FirstOrDefault(s => !CanHavePassed(store, into, s)) is { } elsewhere)
        {
            throw new InputException($"{gone.Text} at {elsewhere.LaneKey} and {into.Text} were too far apart for one vehicle at {elsewhere.CapturedAt.UtcDateTime:yyyy-MM-dd HH:mm}Z: they stay apart.");
        }

        store.Delete(Apart.Table, Apart.Key(gone.Id, into.Id));
        var why = $"joined again by {by}";
        var joined = Join(store, new Linked(into, theirs[0]), gone, theirs, 1, _ => [why], unaudited: false);
        return (joined.Merges[0], joined.Moved);
    }

    // A vehicle is never in two places: the way from its sighting before, and to the one after, must be possible.
    private static bool CanHavePassed(IStoreReader store, Vehicle vehicle, StoredSighting sighting)
    {
        var (before, after) = VehicleBook.Neighbours(store, vehicle, sighting);
        return (before is null || IsPossible(before, sighting)) && (after is null || IsPossible(sighting, after));
    }

    private static bool IsPossible(StoredSighting a, StoredSighting b) => Travel.IsPossible(a.Port, a.Lane, a.CapturedAt, b.Port, b.Lane, b.CapturedAt);

    private static Linked Keep(IStoreWriter store, StoredSighting sighting, StoredSighting before, Vehicle vehicle, PlateEvidence evidence)
    {
        var kept = sighting with { Vehicle = before.Vehicle, LinkProbability = before.LinkProbability, LinkReasons = before.LinkReasons };
        store.Put(StoredSighting.Table, kept);
        return new Linked(VehicleBook.Put(store, vehicle.Revised(kept, evidence), vehicle), kept) { Anew = false };
    }

    private Linked Found(IStoreWriter store, StoredSighting sighting, PlateEvidence evidence, IReadOnlyList<string> reasons)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        store.Made(id);
        var linked = sighting with { Vehicle = id, LinkProbability = 1, LinkReasons = reasons };
        var vehicle = Vehicle.Of(linked, evidence);
        store.Put(StoredSighting.Table, linked);
        return new Linked(VehicleBook.Put(store, vehicle, before: null), linked);
    }

    private (Candidate? Best, double Probability, IReadOnlyList<string> Reasons, IReadOnlyList<Conflict> Conflicts) Best(IStoreReader store, StoredSighting sighting, PlateEvidence evidence, List<Vehicle> candidates, string? except = null)
    {
        var (here, at, spread, (_, travel, reads)) = (PlaceOf(sighting), sighting.CapturedAt, Spread.Of(evidence), learned);
        var unseen = travel.NewRate(here, at);
        var all = new List<Candidate>();
        var against = new List<string>();
        var conflicts = new List<Conflict>();
        foreach (var vehicle in candidates)
        {
            if (vehicle.Id == except || vehicle.LastSeen < at - options.Window || vehicle.FirstSeen > at + options.Window)
            {
                continue;
            }

            var theirs = Spread.Of(vehicle.Characters, evidence.Letters);
            var other = evidence.Country.Length > 0 && vehicle.Country.Length > 0 && evidence.Country != vehicle.Country ? OtherCountry : 1;
            other *= vehicle.Sides.Odds(sighting.Message.Side);
            var same = PlateOdds.Same(spread, theirs) * other;
            if (same < 1)
            {
                continue;
            }

            var (before, after) = VehicleBook.Neighbours(store, vehicle, sighting);
            var rate = RateOf(travel, before, after, here, at);
            if (rate <= 0)
            {
                var elsewhere = before is not null && (after is null || !IsPossible(before, sighting)) ? before : after!;
                conflicts.Add(new(vehicle, elsewhere, spread.SameAs(theirs)));
                against.Add(LinkWords.Impossible(vehicle, elsewhere, sighting));
                continue;
            }

            var (ours, their, match) = (spread, theirs, same);
            if (before is not null && reads.Between(before.LaneKey, sighting.LaneKey) is var letters && letters != evidence.Letters)
            {
                (ours, their) = (Spread.Of(evidence.Characters, letters), Spread.Of(vehicle.Characters, letters));
                match = PlateOdds.Same(ours, their) * other;
            }

            var apart = before is null ? after!.CapturedAt - at : at - before.CapturedAt;
            all.Add(new(vehicle, before, rate * match, PlateOdds.Sibling(ours, their, vehicle.Text.LastIndexOfAny(Digits)) / Math.Max(Convoy.TotalSeconds, apart.TotalSeconds)));
        }

        var best = all.MaxBy(c => c.Odds);
        var fleet = best is not null && all.Any(c => PlateText.Distance(c.Vehicle.Text, best.Vehicle.Text) == 1 && c.Vehicle.Text.Length == best.Vehicle.Text.Length);
        var sum = unseen + ((best?.Sibling ?? 0) * (fleet ? FleetSibling : LoneSibling) * travel.NewShare(here)) + all.Sum(c => c.Odds);
        // Of vehicles with one registration, one of which may be a clone, it is one: the likeliest.
        var probability = best is null ? 0 : all.Where(c => c.Vehicle.Text == best.Vehicle.Text).Sum(c => c.Odds) / sum;
        return probability >= options.Threshold
            ? (best, LinkCalibration.Probability(probability), [LinkWords.Why(sighting, best!.Vehicle), .. against], conflicts)
            : (null, 1, [$"first sighting of {sighting.Text}", .. all.Select(c => LinkWords.Unsure(c.Vehicle, c.Odds / sum, options.Threshold)), .. against], conflicts);
    }

    // How often the vehicle comes here between its sighting before and the one after, against how often it goes from the one to the other at
    // once; 0 where it cannot have come.
    private static double RateOf(TravelBook travel, StoredSighting? before, StoredSighting? after, Place here, DateTimeOffset at)
    {
        var came = before is null ? 1 : travel.Rate(PlaceOf(before), before.CapturedAt, here, at - before.CapturedAt);
        if (after is null || came <= 0)
        {
            return came;
        }

        var went = travel.Rate(here, at, PlaceOf(after), after.CapturedAt - at);
        return before is null
            ? went * travel.NewRate(here, at) / travel.NewRate(PlaceOf(after), after.CapturedAt)
            : travel.Rate(PlaceOf(before), before.CapturedAt, PlaceOf(after), after.CapturedAt - before.CapturedAt) is > 0 and var direct ? came * went / direct : 0;
    }

    private static Place PlaceOf(StoredSighting sighting) => new(sighting.Port, sighting.Lane);

    private sealed record Candidate(Vehicle Vehicle, StoredSighting? Before, double Odds, double Sibling);
}
