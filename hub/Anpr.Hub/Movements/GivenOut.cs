using Anpr.Hub.Audit;

namespace Anpr.Hub.Movements;

/// <summary>Exports in the audit log: an entry before the first record, and another with how many there were, also when the taker goes away.</summary>
internal static class GivenOut
{
    /// <summary>The rows, whose giving is logged at once and whose number at their end.</summary>
    public static IEnumerable<T> Given<T>(this AuditLog audit, string who, string what, string about, LookReason why, IEnumerable<T> rows)
    {
        audit.Append(who, what, about, why.Logged, "begun");
        return Counted();

        IEnumerable<T> Counted()
        {
            var (count, whole) = (0L, false);
            try
            {
                foreach (var row in rows)
                {
                    count++;
                    yield return row;
                }

                whole = true;
            }
            finally
            {
                audit.Append(who, what, about, why.Logged, whole ? "given out" : "stopped", count);
            }
        }
    }
}

/// <summary>The first rows of an answer, and whether there were more.</summary>
public sealed class Portion<T>
{
    /// <summary>The first <paramref name="most"/> of all rows, given out as <paramref name="give"/> has it.</summary>
    public Portion(IEnumerable<T> all, int most, Func<IEnumerable<T>, IEnumerable<T>> give)
    {
        Most = most;
        Rows = give(First(all));
    }

    /// <summary>How many it holds at most.</summary>
    public int Most { get; }

    /// <summary>The rows; to be taken once.</summary>
    public IEnumerable<T> Rows { get; }

    /// <summary>True once the rows were taken and there were more.</summary>
    public bool Cut { get; private set; }

    /// <summary>True once the rows were taken, when the search had left some out for good.</summary>
    public bool Unweighed { get; internal set; }

    private IEnumerable<T> First(IEnumerable<T> all)
    {
        var count = 0;
        foreach (var row in all)
        {
            if (count++ == Most)
            {
                Cut = true;
                yield break;
            }

            yield return row;
        }
    }
}
