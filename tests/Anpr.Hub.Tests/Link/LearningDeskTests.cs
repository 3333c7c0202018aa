using Anpr.Hub.Audit;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Link;

/// <summary>Versions of what is learned, on a real store.</summary>
public sealed class LearningDeskTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(Noon.AddMinutes(30));
    private readonly LiteStore store;
    private readonly AuditLog audit;

    public LearningDeskTests()
    {
        store = LiteStore.Open(folder.Path, HubFeatures.Tables);
        audit = new AuditLog(folder.Path, time);
    }

    public async ValueTask DisposeAsync()
    {
        audit.Dispose();
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Learn_OfVehiclesOnTheirWay_IsAVersionThatBothHubsHave()
    {
        var (one, two) = (NewHub(), NewHub());
        await PassAsync(one.Linker, 40, 0);

        var version = await one.Desk.LearnAsync();

        Assert.Equal((1UL, "hub", 80.0), (version!.Number, version.By, version.Sightings));
        var pair = one.Desk.Pair("calais/entry", "calais/control")!;
        Assert.Equal((40, 40), (pair.Sightings, pair.Matches));
        Assert.InRange(pair.Within(0.5)!.Value.TotalMinutes, 8, 14);
        Assert.Equal(280, pair.Letters.Values.Sum()); // seven characters of forty matches
        Assert.Null(await two.Desk.LearnAsync()); // the other hub has nothing to add yet
        time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await two.Desk.LearnAsync()); // nor has anybody come since
        Assert.Contains(audit.Newest("", "learned.version", 5), e => e.Result.StartsWith("80 sightings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Learn_Again_AddsWhatCameSince()
    {
        var (linker, desk) = NewHub();
        await PassAsync(linker, 20, 0);
        await desk.LearnAsync();
        time.Advance(TimeSpan.FromHours(2));
        await PassAsync(linker, 10, 110);

        var second = await desk.LearnAsync();

        Assert.Equal(2UL, second!.Number);
        Assert.InRange(desk.Pair("calais/entry", "calais/control")!.Sightings, 29.5, 30); // the older ones count a little less
        Assert.Equal([2UL, 1UL], desk.Versions(10).Select(v => v.Number));
    }

    [Fact]
    public async Task Forget_OnePair_LeavesTheOthers_AndForgetAll_LearnsNothingOfThePastAgain()
    {
        var (linker, desk) = NewHub();
        await PassAsync(linker, 20, 0);
        await desk.LearnAsync();
        var pairs = desk.Pairs.Count;

        var one = await desk.ForgetAsync(new("ella", "MAINT:17", null), ("calais/entry", "calais/control"));
        Assert.Equal((2UL, "ella", "MAINT:17", 20.0), (one!.Number, one.By, one.Why, one.Sightings));
        Assert.Equal(pairs - 1, desk.Pairs.Count);
        Assert.Null(await desk.ForgetAsync(new("ella", "MAINT:17", null), ("calais/entry", "nowhere/lane")));

        await desk.ForgetAsync(new("ella", "MAINT:18", null), pair: null);
        time.Advance(TimeSpan.FromHours(2));
        Assert.Empty(desk.Pairs);
        Assert.Null(await desk.LearnAsync());
        Assert.Equal(3, desk.Versions(10).Count);
    }

    /// <summary>Another hub was quicker: what this one has worked out is of yesterday.</summary>
    [Fact]
    public async Task Keep_AfterAnotherHubsVersion_KeepsNothing()
    {
        var (linker, _) = NewHub();
        await PassAsync(linker, 5, 0);
        var (version, learned) = Learned.Next(store, time.GetUtcNow(), time.GetUtcNow());

        Assert.True(await store.WriteAsync(writer => Learned.Keep(writer, version, learned)));
        Assert.False(await store.WriteAsync(writer => Learned.Keep(writer, version, [])));
        Assert.Equal(learned.Count, store.Count(LanePair.Table));
    }

    /// <summary>What is kept is what was known: a hub that loads it expects vehicles as the one that learned it.</summary>
    [Fact]
    public async Task Load_OfAVersion_ExpectsAsTheHubThatLearnedIt()
    {
        var (linker, desk) = NewHub();
        await PassAsync(linker, 40, 0);
        var live = Learned.Load(store);
        await desk.LearnAsync();
        var loaded = Learned.Load(store);
        var (entry, control) = (new Place("calais", "entry"), new Place("calais", "control"));

        foreach (var minutes in (int[])[1, 5, 10, 20, 300])
        {
            var (was, now) = (live.Travel.Rate(entry, Noon, control, TimeSpan.FromMinutes(minutes)), loaded.Travel.Rate(entry, Noon, control, TimeSpan.FromMinutes(minutes)));
            Assert.Equal(1, now / was, 1e-3);
        }

        Assert.Equal(live.Travel.NewRate(entry, Noon.AddMinutes(30)), loaded.Travel.NewRate(entry, Noon.AddMinutes(30)), 1e-6);
        Assert.Equal((0UL, 1UL), (live.Version, loaded.Version));
    }

    private (Linker Linker, LearningDesk Desk) NewHub()
    {
        var linker = new Linker(Options.Create(new LinkOptions()), time, store);
        return (linker, new LearningDesk(store, linker, audit, time));
    }

    // So many vehicles through entry and control, ten minutes apart, one each half minute.
    private async Task PassAsync(Linker linker, int vehicles, double from)
    {
        for (var i = 0; i < vehicles; i++)
        {
            var number = (int)from + i;
            var text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(char)('A' + (number % 26))}{(char)('A' + (number * 7 % 26))}{17 * number % 100:00}XYZ");
            foreach (var (lane, minutes) in new[] { ("entry", from - 20 + (i / 4.0)), ("control", from - 10 + (i / 4.0)) })
            {
                var seen = ReadBookTests.Seen(text, minutes, lane: lane, vehicle: "");
                linker.Learn(await store.WriteAsync(writer => linker.Link(writer, seen)));
            }
        }
    }
}
