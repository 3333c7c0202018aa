using System.Text.Json.Serialization;
using Anpr.Hub.Access;
using Anpr.Hub.Csv;
using Anpr.Hub.Ops;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;

namespace Anpr.Hub.Movements;

/// <summary>An entry of the watchlist as it is asked for.</summary>
/// <param name="Pattern">Registration or pattern (? one character, * any number).</param>
/// <param name="Kind">exact, wildcard or fuzzy.</param>
/// <param name="Priority">1 highest .. 3 lowest.</param>
/// <param name="Display">What officers and lanes show, at most 40 characters.</param>
/// <param name="Reason">Why it is listed, CODE:REF.</param>
/// <param name="ExpiresAt">UTC, within the next year.</param>
/// <param name="Covert">Shown to its owner only, never sent to lanes.</param>
/// <param name="Ports">Ports that look for it; none for all.</param>
/// <param name="LeastProbability">Of a fuzzy one: hit from this probability on that the plate is the listed one, 0.01..0.9; null for 0.05.</param>
public sealed record EntryBody(
    string Pattern,
    string Kind,
    int Priority,
    string Display,
    string Reason,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    bool Covert = false,
    IReadOnlyList<string>? Ports = null,
    [property: JsonPropertyName("least_probability")] double? LeastProbability = null)
{
    /// <summary>The entry that is asked for.</summary>
    /// <exception cref="InputException">There is no such kind.</exception>
    public NewEntry ToEntry(string owner) =>
        new(Pattern ?? "", Names.Read<ListedKind>("kind", Kind), Priority, Display ?? "", Reason ?? "", owner, ExpiresAt, Covert) { Ports = Ports ?? [], Least = LeastProbability };
}

/// <summary>An entry as supervisors see it.</summary>
public sealed record EntryRow(
    string Id,
    string Pattern,
    string Kind,
    int Priority,
    string Display,
    string Reason,
    string Owner,
    bool Covert,
    IReadOnlyList<string> Ports,
    [property: JsonPropertyName("least_probability")] double? LeastProbability,
    [property: JsonPropertyName("added_at")] DateTimeOffset AddedAt,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    bool Ended,
    ulong Revision)
{
    /// <summary>The row of an entry.</summary>
    public static EntryRow Of(ListEntry e) => new(
        e.Id, e.Pattern, e.Kind.ToString().ToLowerInvariant(), e.Priority, e.Display, e.Reason, e.Owner, e.Covert, e.Ports, e.Least, e.AddedAt, e.ExpiresAt, e.Removed, e.Revision);
}

/// <summary>What came of a new or changed entry.</summary>
/// <param name="Entry">As kept.</param>
/// <param name="Past">Alerts for sightings of the last 7 days, those at the ports of who asks.</param>
/// <param name="PastTotal">How many there are at all ports.</param>
public sealed record EntryAddedBody(EntryRow Entry, IReadOnlyList<AlertRow> Past, [property: JsonPropertyName("past_total")] int PastTotal)
{
    /// <summary>The answer.</summary>
    public static EntryAddedBody Of(EntryAdded added, Viewer viewer) => new(EntryRow.Of(added.Entry), [.. added.Past.Where(a => a.VisibleTo(viewer)).Select(AlertRow.Of)], added.Past.Count);
}

/// <summary>What came of an imported file.</summary>
/// <param name="Rows">Rows that were read.</param>
/// <param name="Added">Rows that were not known.</param>
/// <param name="Changed">Rows that changed what was known.</param>
/// <param name="Unchanged">Rows that were known as they are.</param>
/// <param name="Refused">Each fault: line, field, and why with its cure.</param>
/// <param name="Past">Alerts that the last 7 days gave; null of bookings, and when these could not be compared as the store failed.</param>
public sealed record ImportBody(int Rows, int Added, int Changed, int Unchanged, IReadOnlyList<RefusedRow> Refused, int? Past)
{
    /// <summary>The answer.</summary>
    public static ImportBody Of(ImportReport r, int? past = null) => new(r.Rows, r.Added, r.Changed, r.Unchanged, r.Refused, past);
}
