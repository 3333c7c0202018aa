using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Movements;

/// <summary>Everything that is known of one passage.</summary>
/// <param name="Passage">The passage; null while only its sightings have come in.</param>
/// <param name="Sightings">Its plates.</param>
/// <param name="Alerts">Its alerts that the asking user may see.</param>
/// <param name="Searches">What officers did.</param>
/// <param name="Dispositions">What became of the vehicle.</param>
public sealed record PassageFile(
    StoredPassage? Passage,
    IReadOnlyList<StoredSighting> Sightings,
    IReadOnlyList<Alert> Alerts,
    IReadOnlyList<Search> Searches,
    IReadOnlyList<Disposition> Dispositions)
{
    /// <summary>Where it passed.</summary>
    public string Port => Passage?.Port ?? Sightings[0].Port;

    /// <summary>When the newest of it came in, hub clock.</summary>
    public DateTimeOffset ReceivedAt => Sightings.Select(s => s.ReceivedAt).Append(Passage?.ReceivedAt ?? default).Max();
}

/// <summary>Passages with what was found and decided. A look and what is recorded are in the audit log before they are shown or count.</summary>
public sealed class PassageBook(IStore store, WatchlistBook watchlist, AuditLog audit, TimeProvider time)
{
    /// <summary>For so long after it came in a passage is work at its port: it is shown there without a reason.</summary>
    public static readonly TimeSpan UnderWay = Sessions.Longest;

    private const int Most = 100;

    /// <summary>The newest passages, newest first.</summary>
    public IReadOnlyList<StoredPassage> Newest(int limit) => store.Newest(StoredPassage.ByTime, limit);

    /// <summary>True when somebody sees a passage without a reason: it came in of late where they work.</summary>
    public bool IsWorkOf(PassageFile file, Viewer viewer) => viewer.WorksAt(file.Port) && time.GetUtcNow() - file.ReceivedAt < UnderWay;

    /// <summary>Logs a look at a passage with its pictures, which is shown then.</summary>
    /// <param name="file">What will be shown.</param>
    /// <param name="id">The passage's id.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="alert">The alert of the passage out of which it is opened, which is then the reason; null for none.</param>
    /// <param name="reason">CODE:REF.</param>
    /// <param name="text">More words.</param>
    /// <returns>The reason as it was logged; empty for work under way, which needs none.</returns>
    /// <exception cref="InputException">There is no reason, and one is needed.</exception>
    public string LookAt(PassageFile file, string id, Viewer viewer, string? alert, string? reason, string? text)
    {
        var led = file.Alerts.FirstOrDefault(a => a.Id == alert);
        var why = led is not null ? AlertDesk.ReasonOf(led.Id)
            : string.IsNullOrWhiteSpace(reason) && IsWorkOf(file, viewer) ? ""
            : audit.Why(new Asking(viewer.Name, reason, text), "passage.look", id).Logged;
        audit.Append(viewer.Name, "passage.look", about: id, why: why, result: "with its pictures", records: file.Sightings.Count, covert: led is { Covert: true } ? led.Owner : null);
        return why;
    }

    /// <summary>All that is known of a passage; null when nothing is. The caller logs the look.</summary>
    public PassageFile? Find(string id, Viewer viewer)
    {
        var passage = store.Get(StoredPassage.Table, id);
        var sightings = store.Range(StoredSighting.ByPassage, id, id, Most);
        return passage is null && sightings.Count == 0 ? null : new PassageFile(
            passage,
            sightings,
            [.. store.Range(Alert.ByPassage, id, id, Most).Where(a => a.VisibleTo(viewer))],
            [.. store.Range(StoredSearch.ByPassage, id, id, Most).Select(s => s.Message)],
            [.. store.Range(StoredDisposition.ByPassage, id, id, Most).Select(d => d.Message)]);
    }

    /// <summary>Records what an officer did. Its id and revision are made here when it has none; a known id gets its next revision.</summary>
    /// <exception cref="InputException">A field cannot be used; the message says which and the cure.</exception>
    public async Task<Search> RecordAsync(Search search)
    {
        search = search.Clone();
        search.StartedAt ??= time.GetUtcNow().ToTimestamp();
        SearchCheck.Check(search, time.GetUtcNow());
        audit.Append(search.Officer, "search.record", about: search.PassageId, result: search.People > 0 ? $"{Names.Of(search.Finding)}: {search.People}" : Names.Of(search.Finding));
        return await store.WriteAsync(writer =>
        {
            var kept = search.Clone();
            kept.Id = Id(search.Id);
            kept.Revision = (writer.Get(StoredSearch.Table, kept.Id)?.Message.Revision ?? 0) + 1;
            writer.Put(StoredSearch.Table, new StoredSearch(kept, PortOf(writer, kept.PassageId)));
            return kept;
        });
    }

    /// <summary>Records what became of the vehicle. Id and revision as with searches.</summary>
    /// <exception cref="InputException">The outcome is missing.</exception>
    public async Task<Disposition> RecordAsync(Disposition disposition)
    {
        if (disposition.Outcome == Disposition.Types.Outcome.Unspecified)
        {
            throw new InputException("outcome: give released, refused, turned_round or handed_over.");
        }

        audit.Append(disposition.Officer, "disposition.record", about: disposition.PassageId, result: Names.Of(disposition.Outcome));
        var given = Id(disposition.Id);
        var (recorded, listed) = await store.WriteAsync(
            writer =>
            {
                var kept = disposition.Clone();
                kept.Id = given;
                kept.At ??= time.GetUtcNow().ToTimestamp();
                kept.Revision = (writer.Get(StoredDisposition.Table, kept.Id)?.Message.Revision ?? 0) + 1;
                writer.Put(StoredDisposition.Table, new StoredDisposition(kept));
                return (kept, ReturnList.Apply(writer, kept.PassageId, time.GetUtcNow()));
            },
            lookup =>
            {
                lookup.Get(StoredDisposition.Table, given);
                ReturnList.Foresee(lookup, disposition.PassageId);
            });
        await watchlist.ListedAsync(listed);
        return recorded;
    }

    private static string PortOf(IStoreLookup store, string passage) =>
        store.Get(StoredPassage.Table, passage)?.Port ?? (store.Range(StoredSighting.ByPassage, passage, passage, 1) is [var sighting] ? sighting.Port : "");

    private string Id(string given) => given.Length > 0 ? given : Guid.CreateVersion7(time.GetUtcNow()).ToString();
}
