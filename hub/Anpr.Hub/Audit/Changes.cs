using Anpr.Hub.Ops;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Audit;

/// <summary>What somebody is about to change, as the log has it.</summary>
/// <param name="Who">User, key or console.</param>
/// <param name="What">The act's name.</param>
/// <param name="About">What it is done to.</param>
/// <param name="Why">CODE:REF; empty where none is asked for.</param>
/// <param name="Result">What is to come of it; <see cref="Begun"/> where that is known afterwards only.</param>
/// <param name="Covert">Owner of the covert watchlist entry that it is about; null for none.</param>
internal sealed record Change(string Who, string What, string About, string Why = "", string Result = Change.Begun, string? Covert = null)
{
    /// <summary>Stands for a result that is not known yet: another entry says it.</summary>
    public const string Begun = "begun";
}

/// <summary>
/// The way in which people's changes are made: each is in the audit log before it is done, so that none is without its entry, whatever fails or is
/// killed in between. One that was refused or failed has a second entry, which says so.
/// </summary>
internal static class Changes
{
    /// <summary>Logs a change, and makes it.</summary>
    /// <param name="audit">The log.</param>
    /// <param name="change">What is done.</param>
    /// <param name="work">Does it.</param>
    /// <param name="done">A second entry with what came of it; null where the first one says all.</param>
    /// <exception cref="AuditFailedException">It cannot be logged, and was not done.</exception>
    public static async Task<T> ChangeAsync<T>(this AuditLog audit, Change change, Func<Task<T>> work, Func<T, Change, Change>? done = null)
    {
        audit.Append(change);
        T result;
        try
        {
            result = await work();
        }
        catch (Exception failed)
        {
            audit.Append(change with { Result = failed is InputException or ListEntryException ? $"refused: {failed.Message}" : "failed" });
            throw;
        }

        if (done is not null)
        {
            audit.Append(done(result, change));
        }

        return result;
    }

    private static void Append(this AuditLog audit, Change change) => audit.Append(change.Who, change.What, change.About, change.Why, change.Result, covert: change.Covert);
}
