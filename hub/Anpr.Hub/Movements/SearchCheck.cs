using Anpr.Hub.Ops;
using Anpr.Proto.V1;

namespace Anpr.Hub.Movements;

/// <summary>
/// What an officer says of a search, looked at before it is kept: searches are counted against what they found, and one that cannot be spoils the count.
/// Pure.
/// </summary>
internal static class SearchCheck
{
    /// <summary>Most people that one vehicle hides.</summary>
    public const uint MostPeople = 200;

    /// <summary>Ways of searching.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["visual", "dog", "heartbeat", "co2", "scanner"];

    // An officer may write down in the evening what was done in the morning; clocks of desks differ a little.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    /// <summary>Checks the fields; <c>started_at</c> must be known.</summary>
    /// <exception cref="InputException">Some cannot be used; the words say which, and the cure.</exception>
    public static void Check(Search search, DateTimeOffset now)
    {
        Refuse(search.Reason == Search.Types.Reason.Unspecified, "reason: give alert, random or officer.");
        Refuse(search.Finding == Search.Types.Finding.Unspecified, "finding: give clear, people, goods or misread.");
        Refuse(search.Methods.Count == 0 || search.Methods.Any(m => !Methods.Contains(m, StringComparer.Ordinal)), $"methods: give one at least of {string.Join(", ", Methods)}.");
        Refuse(search.Finding == Search.Types.Finding.People ? search.People is 0 or > MostPeople : search.People > 0, $"people {search.People}: give 1 to {MostPeople} with the finding people, and 0 with any other.");
        var (started, ended) = (search.StartedAt.ToDateTimeOffset(), search.EndedAt?.ToDateTimeOffset());
        Refuse(started > now + Ahead || ended > now + Ahead, "started_at or ended_at lies in the future. Give times in UTC.");
        Refuse(ended < started || ended > started + Longest, "ended_at lies before started_at, or more than a day after it. Turn them round, or mend them.");
    }

    private static void Refuse(bool wrong, string words)
    {
        if (wrong)
        {
            throw new InputException(words);
        }
    }
}
