using Anpr.Hub.Ingest;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using CsCheck;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Tests.Movements;

public sealed class StatisticsTests
{
    private static readonly DateTimeOffset Begin = new(2026, 12, 28, 0, 0, 0, TimeSpan.Zero);

    // Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_OfPublishedExamples_IsAsPublished(int found, int of, double low, double high)
    {
        var interval = Wilson.Interval(found, of);

        Assert.Equal((low, high), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Fact]
    public void Wilson_AnyCount_HoldsTheShareAndNarrowsAsMoreIsCounted() => Gen.Select(Gen.Int[0, 500], Gen.Int[0, 500]).Sample((found, clear) =>
    {
        var (low, high) = Wilson.Interval(found, found + clear);
        var (lower, higher) = Wilson.Interval(2 * found, 2 * (found + clear));
        Assert.InRange(low, 0, high);
        Assert.InRange(high, low, 1);
        Assert.True(found + clear == 0 || (low <= (double)found / (found + clear) && high >= (double)found / (found + clear) && higher - lower < high - low));
    });

    [Theory]
    [InlineData("2026-12-31T23:59:59Z", "2026-W53")]
    [InlineData("2027-01-03T23:59:59Z", "2026-W53")]
    [InlineData("2027-01-04T00:00:00Z", "2027-W01")]
    public void Week_AtTheTurnOfTheYear_IsTheIsoWeek(string time, string week) =>
        Assert.Equal(week, SearchStatistics.Week(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task Count_AnySearches_AddsUpInEveryGrouping()
    {
        using var folder = new TempFolder();
        await using var store = LiteStore.Open(folder.Path, HubFeatures.Tables);
        var random = new Random(3);
        var searches = Enumerable.Range(0, 700).Select(i => Draw(random)).ToList();
        await store.WriteAsync(w =>
        {
            searches.ForEach(s => w.Put(StoredSearch.Table, s));
            return true;
        });

        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[0, 2]).Sample((from, days, port) =>
        {
            IReadOnlyList<string> ports = port == 0 ? [] : port == 1 ? ["calais"] : ["calais", "dunkerque"];
            var (start, end) = (Begin.AddDays(from), Begin.AddDays(from + days));
            var expected = searches.Where(s => s.StartedAt >= start && s.StartedAt <= end && (port == 0 || ports.Contains(s.Port))).ToList();

            var counts = new SearchStatistics(store).Count(start, end, ports);

            Assert.Equal((expected.Count, expected.Count(s => s.Message.Finding == Search.Types.Finding.People), expected.Sum(s => (int)s.Message.People)), (counts.All.Searches, counts.All.Finds, counts.All.People));
            foreach (var grouping in (string[])["reason", "port", "week"])
            {
                Assert.Equal(counts.All.Searches, counts.Groups[grouping].Values.Sum(c => c.Searches));
                Assert.Equal(counts.All.Goods, counts.Groups[grouping].Values.Sum(c => c.Goods));
            }

            Assert.Equal(expected.Sum(s => s.Message.Methods.Distinct().Count()), counts.Groups["method"].Values.Sum(c => c.Searches));
            Assert.Equal(counts.Groups["method"].Values.Sum(c => c.Finds), counts.Groups["reason_and_method"].Values.Sum(c => c.Finds));
        }, iter: 30, threads: 1);
    }

    [Fact]
    public async Task Count_MoreThanAreCountedAtOnce_SaysSo()
    {
        using var folder = new TempFolder();
        await using var store = LiteStore.Open(folder.Path, HubFeatures.Tables);
        var random = new Random(3);
        await store.WriteAsync(w =>
        {
            Enumerable.Range(0, 10).ToList().ForEach(_ => w.Put(StoredSearch.Table, Draw(random)));
            return true;
        });

        var cut = new SearchStatistics(store) { Most = 9 }.Count(Begin, Begin.AddDays(40), []);
        var whole = new SearchStatistics(store) { Most = 10 }.Count(Begin, Begin.AddDays(40), []);

        Assert.Equal((false, 9, true, 10), (cut.Whole, cut.All.Searches, whole.Whole, whole.All.Searches));
    }

    private static StoredSearch Draw(Random random)
    {
        var people = random.Next(4) == 0 ? random.Next(1, 9) : 0;
        var search = new Search
        {
            Id = Guid.NewGuid().ToString(),
            PassageId = Guid.NewGuid().ToString(),
            Revision = 1,
            Reason = (Search.Types.Reason)random.Next(1, 4),
            Finding = people > 0 ? Search.Types.Finding.People : random.Next(2) == 0 ? Search.Types.Finding.Clear : Search.Types.Finding.Goods,
            People = (uint)people,
            StartedAt = Begin.AddMinutes(random.Next(40 * 1440)).ToTimestamp(),
            Officer = "jsmith",
        };
        search.Methods.AddRange(random.GetItems((string[])["dog", "co2", "visual"], random.Next(1, 4)));
        return new StoredSearch(search, random.Next(2) == 0 ? "calais" : "dunkerque");
    }
}
