namespace Anpr.Hub.Audit;

/// <summary>One line of the audit log.</summary>
/// <param name="Number">Position in the chain, from 1 without gaps.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Who">User name, "lane:port/lane", or "console:NAME" for a command typed on the hub itself.</param>
/// <param name="What">The act, "feature.act": movements.search, audit.read, user.add, ...</param>
/// <param name="About">What it was done to: a plate pattern, a passage id, a user; empty when nothing in particular.</param>
/// <param name="Why">CODE:REF, empty where the act needs none.</param>
/// <param name="Result">What came of it in a few words ("12 results", "refused: no reason").</param>
/// <param name="Previous">Hash of the entry before; 64 zeros in the first.</param>
/// <param name="Hash">Lower-case hex SHA-256 over all of the above.</param>
public sealed record AuditEntry(
    long Number,
    DateTimeOffset At,
    string Who,
    string What,
    string About,
    string Why,
    string Result,
    string Previous,
    string Hash);
