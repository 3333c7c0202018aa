using Anpr.Hub.Ops;

namespace Anpr.Hub.Audit;

/// <summary>Who asks, and why, as it was typed.</summary>
/// <param name="User">Name of the user.</param>
/// <param name="Reason">CODE:REF.</param>
/// <param name="Text">More words; may be empty.</param>
public sealed record Asking(string User, string? Reason, string? Text);

/// <summary>
/// The one way in which questions of people are answered, whatever the surface: without a reason nothing is looked up, and who asked what, when, why
/// and how many records it showed is in the audit log before anything is shown (Data Protection Act 2018, section 62).
/// </summary>
internal static class Looks
{
    /// <summary>Reads an answer and logs the question with the number of its records; one that has no reason, or fails, is logged too.</summary>
    /// <param name="audit">The log.</param>
    /// <param name="asking">Who asks, and why.</param>
    /// <param name="what">The action's name.</param>
    /// <param name="about">What is asked for.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="count">How many records are in it.</param>
    /// <param name="covert">Owner of the covert watchlist entry that it is about; null for none.</param>
    /// <exception cref="InputException">There is no reason.</exception>
    public static T Look<T>(this AuditLog audit, Asking asking, string what, string about, Func<T> read, Func<T, int> count, string? covert = null)
    {
        var why = audit.Why(asking, what, about, covert);
        long? shown = null;
        try
        {
            var answer = read();
            shown = count(answer);
            return answer;
        }
        finally
        {
            audit.Append(asking.User, what, about, why.Logged, shown is null ? "failed" : "", shown, covert);
        }
    }

    /// <summary>The reason that was given; that there is none is logged.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    public static LookReason Why(this AuditLog audit, Asking asking, string what, string about, string? covert = null)
    {
        try
        {
            return LookReason.Read(asking.Reason, asking.Text);
        }
        catch (InputException)
        {
            audit.Append(asking.User, what, about, result: "refused: no reason", covert: covert);
            throw;
        }
    }
}
