using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;

namespace Anpr.Hub.Retention;

/// <summary>Everything that the hub keeps of one passage.</summary>
/// <param name="Id">The passage's id.</param>
/// <param name="Passage">The passage; null where only its sightings have come in.</param>
/// <param name="Sightings">Its plates.</param>
/// <param name="Vehicles">The vehicles that they are believed to be.</param>
/// <param name="Alerts">Its alerts.</param>
/// <param name="Searches">What officers did.</param>
/// <param name="Dispositions">What became of the vehicle.</param>
/// <param name="Revisions">All messages that came in of these.</param>
internal sealed record PassageRecords(
    string Id,
    StoredPassage? Passage,
    IReadOnlyList<StoredSighting> Sightings,
    IReadOnlyList<Vehicle> Vehicles,
    IReadOnlyList<Alert> Alerts,
    IReadOnlyList<StoredSearch> Searches,
    IReadOnlyList<StoredDisposition> Dispositions,
    IReadOnlyList<RevisionRecord> Revisions)
{
    // A passage has a few of each; what were left would be left without its passage.
    private const int Most = 1000;

    /// <summary>Reads them.</summary>
    public static PassageRecords Of(IStoreLookup store, string id)
    {
        var sightings = store.Range(StoredSighting.ByPassage, id, id, Most);
        var searches = store.Range(StoredSearch.ByPassage, id, id, Most);
        var dispositions = store.Range(StoredDisposition.ByPassage, id, id, Most);
        IEnumerable<string> kept =
        [
            Keys.Join("passage", id, ""),
            .. sightings.Select(s => Keys.Join("sighting", s.Id, "")),
            .. searches.Select(s => Keys.Join("search", s.Message.Id, "")),
            .. dispositions.Select(d => Keys.Join("disposition", d.Message.Id, "")),
        ];
        return new PassageRecords(
            id,
            store.Get(StoredPassage.Table, id),
            sightings,
            [.. sightings.Select(s => s.Vehicle).Distinct(StringComparer.Ordinal).Select(v => store.Get(Vehicle.Table, v)).OfType<Vehicle>()],
            store.Range(Alert.ByPassage, id, id, Most),
            searches,
            dispositions,
            [.. kept.SelectMany(prefix => store.Prefix(RevisionRecord.Table.ById, prefix, Most))]);
    }

    /// <summary>Nothing is kept of it.</summary>
    public bool IsEmpty => Passage is null && Sightings.Count == 0;

    /// <summary>When it happened; when it came in, where its clock was a simulated one.</summary>
    public DateTimeOffset At =>
        Sightings.Select(s => s.Simulated ? s.ReceivedAt : s.CapturedAt).Concat(Passage is { } p ? [p.Simulated ? p.ReceivedAt : p.OpenedAt] : []).Max();

    /// <summary>An alert that stood, or a search that found something.</summary>
    public bool IsHit =>
        Alerts.Any(a => a.State != AlertState.Withdrawn) || Searches.Any(s => s.Message.Finding is Search.Types.Finding.People or Search.Types.Finding.Goods);

    /// <summary>The overviews that its sightings ever named, with their sightings.</summary>
    public IEnumerable<(string Sha256, string Sighting)> Overviews => Revisions
        .Where(r => r.Kind == "sighting")
        .Select(r => (Sighting.Parser.ParseFrom(r.Message).OverviewSha256, r.Of))
        .Where(o => o.OverviewSha256.Length > 0)
        .Distinct();

    /// <summary>The pictures that came with its messages.</summary>
    public IEnumerable<string> Pictures => Revisions.Select(r => r.Picture)
        .Concat(Sightings.Select(s => s.Patch)).Append(Passage?.Picture ?? "")
        .Where(p => p.Length > 0).Distinct(StringComparer.Ordinal);
}
