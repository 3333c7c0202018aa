using Anpr.Hub.Storage;
using Anpr.Proto.V1;

namespace Anpr.Hub.Movements;

/// <summary>What officers did with a passage: its newest revision.</summary>
/// <param name="Message">As recorded.</param>
public sealed record StoredSearch(Search Message)
{
    /// <summary>All searches by id.</summary>
    public static Table<StoredSearch> Table { get; } = new("searches", s => s.Message.Id);

    /// <summary>By passage.</summary>
    public static TableIndex<StoredSearch> ByPassage { get; } = Table.Index("passage", s => s.Message.PassageId);
}

/// <summary>What became of a vehicle: its newest revision.</summary>
/// <param name="Message">As recorded.</param>
public sealed record StoredDisposition(Disposition Message)
{
    /// <summary>All dispositions by id.</summary>
    public static Table<StoredDisposition> Table { get; } = new("dispositions", d => d.Message.Id);

    /// <summary>By passage.</summary>
    public static TableIndex<StoredDisposition> ByPassage { get; } = Table.Index("passage", d => d.Message.PassageId);
}
