using System.Text.Json.Serialization;

namespace Anpr.Hub.Audit;

/// <summary>
/// One line of the audit log. What says who and what for stands beside the chain, sealed by keyed hashes: it can be erased, and the chain
/// stays whole.
/// </summary>
/// <param name="Number">Position in the chain, from 1 without gaps.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Replica">Name of the hub's own log; each hub has one.</param>
/// <param name="Kind">What the law calls it: see <see cref="AuditKinds"/>.</param>
/// <param name="What">The act, "feature.act": movements.search, audit.read, user.add, ...</param>
/// <param name="Records">How many records were shown, taken in or erased; null when the act has no such number.</param>
/// <param name="Erases">The entries whose content this one says was erased (<see cref="ErasedEntries"/>); null for all other acts.</param>
/// <param name="PersonSeal">Keyed hash of <paramref name="Person"/>, lower-case hex.</param>
/// <param name="ContentSeal">Keyed hash of <paramref name="Content"/>, lower-case hex.</param>
/// <param name="Previous">Hash of the entry before; 64 zeros in the first.</param>
/// <param name="Hash">Lower-case hex SHA-256 over all of the above.</param>
/// <param name="Person">Who; null once it was erased.</param>
/// <param name="Content">About what, why, and what came of it; null once it was erased.</param>
public sealed record AuditEntry(
    long Number,
    DateTimeOffset At,
    string Replica,
    string Kind,
    string What,
    long? Records,
    string? Erases,
    string PersonSeal,
    string ContentSeal,
    string Previous,
    string Hash,
    AuditPerson? Person,
    AuditContent? Content)
{
    /// <summary>User name, "lane:port/lane", "hub", or "console:NAME" for a command typed on the hub itself; empty once it was erased.</summary>
    [JsonIgnore]
    public string Who => Person?.Name ?? "";

    /// <summary>What it was done to: a plate pattern, a passage id, a user; empty when nothing in particular, or erased.</summary>
    [JsonIgnore]
    public string About => Content?.About ?? "";

    /// <summary>CODE:REF, empty where the act needs none, or erased.</summary>
    [JsonIgnore]
    public string Why => Content?.Why ?? "";

    /// <summary>What came of it in a few words ("refused: no reason"); empty once it was erased.</summary>
    [JsonIgnore]
    public string Result => Content?.Result ?? "";

    /// <summary>True when it is about a covert entry that this user neither owns nor did anything to: they see that there was such an act, and not what it was about.</summary>
    public bool IsCovertTo(string user) => Content?.Covert is { } owner && owner != user && Who != user;
}

/// <summary>Who did it.</summary>
/// <param name="Name">User, lane or hub.</param>
/// <param name="Key">Of its seal: 32 random hex digits, erased with it.</param>
public sealed record AuditPerson(string Name, string Key);

/// <summary>What it was done to and what for.</summary>
/// <param name="About">A plate pattern, an id, a user.</param>
/// <param name="Why">CODE:REF.</param>
/// <param name="Result">In a few words.</param>
/// <param name="Key">Of its seal: 32 random hex digits, erased with it.</param>
/// <param name="Covert">Owner of the covert watchlist entry that it is about; null where it is about none.</param>
public sealed record AuditContent(string About, string Why, string Result, string Key, string? Covert = null);
