using Anpr.Hub.Storage;

namespace Anpr.Hub.Assess;

/// <summary>Two vehicles whose company was told.</summary>
/// <param name="One">The lesser id of the two.</param>
/// <param name="Other">The greater.</param>
/// <param name="At">When it was told last, hub clock.</param>
internal sealed record ToldCompany(string One, string Other, DateTimeOffset At)
{
    /// <summary>All pairs that were ever told.</summary>
    public static Table<ToldCompany> Table { get; } = new("told_company", t => Keys.Join(t.One, t.Other));

    /// <summary>By time.</summary>
    public static TableIndex<ToldCompany> ByTime { get; } = Table.Index("time", t => Keys.Time(t.At));

    /// <summary>The pair, in whatever order it is named.</summary>
    public static ToldCompany Of(string a, string b, DateTimeOffset at) => string.CompareOrdinal(a, b) < 0 ? new(a, b, at) : new(b, a, at);

    /// <summary>Whether a pair may be told: it was not lately, and not too many were within a day.</summary>
    public static bool MayTell(IStoreReader store, string a, string b, DateTimeOffset now)
    {
        var lately = store.Range(ByTime, Keys.Time(now - TimeSpan.FromDays(1)), Keys.Last.ToString(), CompanyRule.PerDay);
        return lately.Count < CompanyRule.PerDay && !(now - store.Get(Table, Table.Id(Of(a, b, now)))?.At < CompanyRule.Again);
    }
}
