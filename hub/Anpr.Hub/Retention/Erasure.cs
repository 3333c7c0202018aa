using Anpr.Hub.Storage;

namespace Anpr.Hub.Retention;

/// <summary>What a request is about, kept with its erasure until all of it has gone, so that one that was cut off can be finished.</summary>
/// <param name="Vehicles">Its vehicles, with those that were joined to them.</param>
/// <param name="Passages">Their passages.</param>
/// <param name="Texts">Registrations that were read of them.</param>
public sealed record ErasureRequest(IReadOnlyList<string> Vehicles, IReadOnlyList<string> Passages, IReadOnlyList<string> Texts);

/// <summary>
/// Proof that records were erased, without what they were: how many of each kind, of which time, and a keyed sum over their ids. Whoever has
/// the ids from elsewhere can show with it that these and no others were erased.
/// </summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Cause"><c>retention</c> or <c>request</c>.</param>
/// <param name="By">User, or <c>hub</c>.</param>
/// <param name="Why">CODE:REF of a request; empty where a period was over.</param>
/// <param name="BegunAt">Hub clock.</param>
/// <param name="EndedAt">When the last record went, hub clock.</param>
/// <param name="Counts">How many records of each table.</param>
/// <param name="From">The earliest passage, null where none was erased.</param>
/// <param name="To">The latest passage.</param>
/// <param name="Key">Of the sum, 64 random hex digits.</param>
/// <param name="Sum">Sum of the keyed hashes of all ids (<see cref="ErasureSum"/>), 64 hex digits.</param>
/// <param name="Waiting">Hubs whose audit logs may still name what was erased; none once all is done.</param>
/// <param name="Names">What they are to look for; null once all is done.</param>
public sealed record Erasure(
    string Id,
    string Cause,
    string By,
    string Why,
    DateTimeOffset BegunAt,
    DateTimeOffset EndedAt,
    IReadOnlyDictionary<string, long> Counts,
    DateTimeOffset? From,
    DateTimeOffset? To,
    string Key,
    string Sum,
    IReadOnlyList<string> Waiting,
    IReadOnlyList<string>? Names)
{
    /// <summary>What is still to be erased; null once all records have gone.</summary>
    public ErasureRequest? Open { get; init; }

    /// <summary>What deleted records for a period that was over.</summary>
    public const string Retention = "retention";

    /// <summary>What was asked for by a person.</summary>
    public const string Request = "request";

    /// <summary>All of them, kept for good: they hold nothing of what was erased.</summary>
    public static Table<Erasure> Table { get; } = new("erasures", e => e.Id);

    /// <summary>Those of which records, or what an audit log says of them, are still to go.</summary>
    public static TableIndex<Erasure> ByWaiting { get; } = Table.Index("waiting", e => e.Waiting.Count > 0 || e.Open is not null ? e.Id : null);

    /// <summary>How many records altogether.</summary>
    public long Records => Counts.Values.Sum();

    /// <summary>The counts in words: "12 sightings, 5 passages".</summary>
    public string Words => Counts.Count == 0 ? "nothing" : string.Join(", ", Counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key.Replace('_', ' ')}"));

    /// <summary>One that has erased nothing yet.</summary>
    internal static Erasure Begin(string cause, string by, string why, DateTimeOffset now) => new(
        Guid.CreateVersion7(now).ToString(), cause, by, why, now, now, new Dictionary<string, long>(StringComparer.Ordinal), null, null, ErasureSum.NewKey(), ErasureSum.Zero, [], null);

    /// <summary>The same with more records erased.</summary>
    internal Erasure With(IReadOnlyCollection<ErasedRecord> records, IEnumerable<DateTimeOffset> times, DateTimeOffset now)
    {
        var counts = new Dictionary<string, long>(Counts, StringComparer.Ordinal);
        foreach (var record in records)
        {
            counts[record.Table] = counts.GetValueOrDefault(record.Table) + 1;
        }

        List<DateTimeOffset> all = [.. times];
        return this with
        {
            Counts = counts,
            EndedAt = now,
            From = all.Count == 0 ? From : From is { } from && from < all.Min() ? from : all.Min(),
            To = all.Count == 0 ? To : To is { } to && to > all.Max() ? to : all.Max(),
            Sum = ErasureSum.Add(Sum, Key, records),
        };
    }
}
