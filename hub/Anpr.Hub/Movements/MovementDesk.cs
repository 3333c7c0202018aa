using Anpr.Hub.Assess;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Movements;

/// <summary>
/// The one way to movements for people, whatever the surface: without a reason nothing is looked up, and who asked what, when, why and how many
/// records it showed is in the audit log before anything is shown (Data Protection Act 2018, section 62).
/// </summary>
public sealed class MovementDesk(MovementSearch movements, CompanyBook companies, MergeDesk merges, LaneBook lanes, SearchStatistics statistics, AuditLog audit)
{
    /// <summary>Most records that one export holds.</summary>
    public const int MostExported = 100_000;

    private const int MostMerges = 100;

    /// <summary>A page of sightings that answer a question.</summary>
    /// <exception cref="InputException">There is no reason, or the cursor is none or of another question.</exception>
    public MovementAnswer Find(Asking asking, MovementQuery query, string? cursor = null)
    {
        var about = cursor is null ? query.Words() : $"{MovementSearch.AsFirstAsked(query, cursor).Words()}, a further page";
        return Look(asking, "movements.search", about, () => movements.Find(query, cursor), answer => answer.Found.Count);
    }

    /// <summary>All sightings that answer a question, at most <see cref="MostExported"/>, read as they are taken.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    public Portion<FoundSighting> Export(Asking asking, MovementQuery query, string form)
    {
        Portion<FoundSighting>? portion = null;
        return portion = new(movements.All(query, () => portion!.Unweighed = true), MostExported, rows => Give(asking, "movements.export", $"{query.Words()} as {form}", rows));
    }

    /// <summary>The journey of a vehicle; null when there is no such vehicle.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    public Journey? JourneyOf(Asking asking, string vehicle, string what = "journey.look") =>
        Look(asking, what, vehicle, () => movements.JourneyOf(vehicle), journey => journey?.Sightings.Count ?? 0);

    /// <summary>Who travels with a vehicle, its tractors and trailers, and what became of those pairings.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    public (IReadOnlyList<Company> Companions, IReadOnlyList<Pairing> Pairings, IReadOnlyList<PairingFact> History) CompanyOf(Asking asking, string vehicle) =>
        Look(asking, "company.look", vehicle, () => (companies.CompanyOf(vehicle), companies.PairingsOf(vehicle), companies.HistoryOf(vehicle)), company => company.Item1.Count + company.Item2.Count + company.Item3.Count);

    /// <summary>Vehicles that were found to be this one, newest first.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    public IReadOnlyList<Link.Merge> MergesOf(Asking asking, string vehicle) => Look(asking, "merges.look", vehicle, () => merges.Of(vehicle, MostMerges), all => all.Count);

    /// <summary>What was seen at a lane around a time, oldest first.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    public SeenAtLane SeenAt(Asking asking, string port, string lane, DateTimeOffset time, TimeSpan around) =>
        Look(asking, "lane.seen", $"{port}/{lane} {time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {around.TotalMinutes:0} min", () => lanes.Around(port, lane, time, around), seen => seen.Passages.Count);

    /// <summary>Searches against what they found.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    public SearchCounts Count(Asking asking, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<string> ports, string what = "statistics.look") =>
        Look(asking, what, $"{from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} to {to.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {string.Join(',', ports)}".Trim(), () => statistics.Count(from, to, ports), counts => counts.All.Searches);

    /// <summary>Notes a question that could not be read: nothing is shown for it.</summary>
    public void Refuse(Asking asking, string what, string about) => audit.Append(asking.User, what, about, asking.Reason ?? "", "refused");

    private T Look<T>(Asking asking, string what, string about, Func<T> read, Func<T, int> count) => audit.Look(asking, what, about, read, count);

    private IEnumerable<T> Give<T>(Asking asking, string what, string about, IEnumerable<T> rows) =>
        audit.Given(asking.User, what, about, audit.Why(asking, what, about), rows);
}
