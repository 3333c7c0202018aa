using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;

namespace Anpr.Hub.Ingest;

/// <summary>What officers did with a passage: its newest revision.</summary>
/// <param name="Message">As recorded.</param>
/// <param name="Port">Where.</param>
public sealed record StoredSearch(Search Message, string Port)
{
    /// <summary>All searches by id.</summary>
    public static Table<StoredSearch> Table { get; } = new("searches", s => s.Message.Id);

    /// <summary>By passage.</summary>
    public static TableIndex<StoredSearch> ByPassage { get; } = Table.Index("passage", s => s.Message.PassageId);

    /// <summary>By finding, then beginning: <c>finding|time</c>, the finding as <see cref="Names.Of"/> writes it.</summary>
    public static TableIndex<StoredSearch> ByFinding { get; } = Table.Index("finding", s => Keys.Join(Names.Of(s.Message.Finding), s.TimeKey));

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt => Message.StartedAt?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch;

    /// <summary><see cref="StartedAt"/> as a part of keys.</summary>
    internal string TimeKey => Keys.Time(StartedAt);
}

/// <summary>What became of a vehicle: its newest revision.</summary>
/// <param name="Message">As recorded.</param>
public sealed record StoredDisposition(Disposition Message)
{
    /// <summary>All dispositions by id.</summary>
    public static Table<StoredDisposition> Table { get; } = new("dispositions", d => d.Message.Id);

    /// <summary>By passage.</summary>
    public static TableIndex<StoredDisposition> ByPassage { get; } = Table.Index("passage", d => d.Message.PassageId);

    /// <summary>By outcome, then time: <c>outcome|time</c>, the outcome as <see cref="Names.Of"/> writes it.</summary>
    public static TableIndex<StoredDisposition> ByOutcome { get; } = Table.Index("outcome", d => Keys.Join(Names.Of(d.Message.Outcome), d.TimeKey));

    /// <summary>When it was decided, as a part of keys.</summary>
    internal string TimeKey => Keys.Time(Message.At?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch);

    /// <summary>What was decided last about a passage, by whomever: that counts; null when nothing was.</summary>
    public static StoredDisposition? Last(IStoreLookup store, string passage) =>
        store.Range(ByPassage, passage, passage, Most).MaxBy(d => (d.Message.At?.ToDateTimeOffset(), d.Message.Revision));

    private const int Most = 100;
}
