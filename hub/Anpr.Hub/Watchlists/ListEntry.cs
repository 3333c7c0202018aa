using System.Text.Json.Serialization;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Watchlists;

/// <summary>That a vehicle was turned away.</summary>
/// <param name="Passage">Its passage.</param>
/// <param name="Port">Where.</param>
/// <param name="What">refused, or turned round.</param>
/// <param name="At">When it was decided.</param>
public sealed record TurnedAway(string Passage, string Port, string What, DateTimeOffset At);

/// <summary>A vehicle of interest.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Pattern">Folded registration or pattern.</param>
/// <param name="Kind">How it is compared.</param>
/// <param name="Priority">1 highest .. 3 lowest.</param>
/// <param name="Display">At most 40 characters; all that lanes show.</param>
/// <param name="Reason">Why it is listed; never leaves the hub.</param>
/// <param name="Owner">User who answers for it; never leaves the hub.</param>
/// <param name="Covert">Shown to its owner only, never sent to a lane.</param>
/// <param name="AddedAt">Hub clock.</param>
/// <param name="ExpiresAt">From then on it no longer matches.</param>
/// <param name="Removed">It was ended before its time.</param>
/// <param name="Revision">The list's revision in which it last changed.</param>
public sealed record ListEntry(
    string Id,
    string Pattern,
    ListedKind Kind,
    int Priority,
    string Display,
    string Reason,
    string Owner,
    bool Covert,
    DateTimeOffset AddedAt,
    DateTimeOffset ExpiresAt,
    bool Removed,
    ulong Revision)
{
    /// <summary>What it is about, when it is for a vehicle that was turned away; null for all others.</summary>
    public TurnedAway? TurnedAway { get; init; }

    /// <summary>Ports that look for it; empty for all.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Of a fuzzy entry: the least probability that a plate is the listed one, 0.01..0.9; null for the usual.</summary>
    public double? Least { get; init; }

    /// <summary>Ports whose lanes may have learned of it in an earlier revision; those of this one may be left out.</summary>
    public IReadOnlyList<string> Told { get; init; } = [];

    /// <summary>What its pattern is compared by.</summary>
    [JsonIgnore]
    public ListedPattern Listed => new(Pattern, Kind, Least ?? ListedPattern.UsualLeast);

    /// <summary>All entries that ever were, by id.</summary>
    public static Table<ListEntry> Table { get; } = new("watchlist", e => e.Id) { Shared = true };

    /// <summary>By the revision in which they last changed.</summary>
    public static TableIndex<ListEntry> ByRevision { get; } = Table.Index("revision", e => Keys.Number(e.Revision));

    /// <summary>Compares entries by all that they hold.</summary>
    internal static IEqualityComparer<ListEntry> Same { get; } = EqualityComparer<ListEntry>.Create(
        (a, b) => ReferenceEquals(a, b) || (a is not null && b is not null && a with { Ports = b.Ports, Told = b.Told } == b && a.Ports.SequenceEqual(b.Ports, StringComparer.Ordinal)
            && a.Told.SequenceEqual(b.Told, StringComparer.Ordinal)),
        e => e.Id.GetHashCode(StringComparison.Ordinal));

    /// <summary>Revisions of entries that are never deleted: the newest of all, and the newest that each port's lanes were told of. Others are counted from them.</summary>
    internal static IReadOnlySet<ulong> Anchors(IReadOnlyCollection<ListEntry> all) => Access.Ports.All.Select(port => all.Where(e => e.IsToldTo(port))).Append(all)
        .Select(told => told.Select(e => e.Revision).DefaultIfEmpty().Max()).ToHashSet();

    /// <summary>The covert entries of a user, ended ones too: nobody else sees or changes them.</summary>
    internal static IEnumerable<ListEntry> CovertOf(IStoreReader reader, string owner) => reader.All(Table).Where(e => e.Covert && e.Owner == owner);

    /// <summary>True when it matches at this time.</summary>
    public bool IsActive(DateTimeOffset now) => !Removed && ExpiresAt > now;

    /// <summary>True when lanes of this port look for it.</summary>
    public bool IsFor(string port) => Ports.Count == 0 || Ports.Contains(port, StringComparer.Ordinal);

    /// <summary>True when lanes of this port may hold it, or did: then they are told of its changes. Lanes learn nothing of other covert entries.</summary>
    internal bool IsToldTo(string port) => Told.Contains(port, StringComparer.Ordinal) || Telling.Contains(port, StringComparer.Ordinal);

    /// <summary>The entry as it is from this revision on.</summary>
    internal ListEntry At(ulong revision) => this with { Revision = revision, Told = [.. Told.Union(Telling, StringComparer.Ordinal).Order(StringComparer.Ordinal)] };

    private IReadOnlyList<string> Telling => Covert ? [] : Ports.Count == 0 ? Access.Ports.All : Ports;

    /// <summary>True when this user may see it.</summary>
    public bool VisibleTo(string user) => !Covert || string.Equals(Owner, user, StringComparison.Ordinal);
}
