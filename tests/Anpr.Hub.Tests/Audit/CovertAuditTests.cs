using System.Net.Http.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Tests.Web;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Hub.Tests.Audit;

/// <summary>What the log says of covert entries, and who reads it.</summary>
public sealed class CovertAuditTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Plate = "KA70RVN";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync();

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Page_OfAnotherSupervisor_SaysThatThereWasACovertAct_AndNotWhichVehicleItWasAbout()
    {
        using var owner = await hub.SignInAsync("olive", Role.Supervisor);
        using var refused = await owner.PostAsJsonAsync(Address("/api/v1/watchlist/preview"), Body(covert: true), Stop);
        using var seen = await owner.PostAsJsonAsync(Address("/api/v1/watchlist/preview?reason=OP:77"), Body(covert: true), Stop);
        using var added = await owner.PostAsJsonAsync(Address("/api/v1/watchlist"), Body(covert: true), Stop);
        added.EnsureSuccessStatusCode();

        var (theirs, others, all) = (await PageAsync("olive", Role.Supervisor), await PageAsync("sam", Role.Supervisor), await PageAsync("auditor", Role.Auditor));

        Assert.Contains(Plate, theirs, StringComparison.Ordinal);
        Assert.Contains(Plate, all, StringComparison.Ordinal);
        Assert.Contains("watchlist.preview", others, StringComparison.Ordinal);
        Assert.Contains("olive", others, StringComparison.Ordinal);
        Assert.DoesNotContain(Plate, others, StringComparison.Ordinal);
        Assert.DoesNotContain("OP:77", others, StringComparison.Ordinal);
        Assert.DoesNotContain("in the past", others, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfAnotherSupervisor_ShowsWhatIsNotCovert()
    {
        using var owner = await hub.SignInAsync("olive", Role.Supervisor);
        using var seen = await owner.PostAsJsonAsync(Address("/api/v1/watchlist/preview?reason=OP:77"), Body(covert: false), Stop);

        Assert.Contains(Plate, await PageAsync("sam", Role.Supervisor), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alert_OfACovertEntry_ItsStepsAreCovertToo()
    {
        var lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry(Plate, ListedKind.Exact, 1, "Tell me", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1), Covert: true));
        await lane.SendAsync(lane.Sighting(Plate, Guid.CreateVersion7().ToString(), [1], []));
        var desk = hub.Get<AlertDesk>();
        var alert = Assert.Single(desk.Open(new("olive")));

        desk.LookAt(alert.Id, new("olive"));
        await desk.ResolveAsync(alert.Id, new("olive"), $"{Plate} was met");

        var entries = hub.Get<AuditLog>().Newest("olive", "alert", 5);
        Assert.Equal([("alert.resolve", "", $"{Plate} was met"), ("alert.look", $"ALERT:{alert.Id}", "with its pictures")], entries.Select(e => (e.What, e.Why, e.Result)));
        Assert.All(entries, e => Assert.True(e.IsCovertTo("sam") && !e.IsCovertTo("olive")));
    }

    [Fact]
    public void Covert_IsUnderTheSeal_AndEntriesWithoutItHaveTheSealThatTheyHad()
    {
        using var folder = new TempFolder();
        using var log = new AuditLog(folder.Path, TimeProvider.System);
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((about, owner, result) =>
        {
            var before = log.Last;
            var entry = log.Append("anna", "watchlist.preview", about, "OP:1", result, covert: owner);
            Assert.Null(AuditChain.Fault(before, entry));
            Assert.Equal(AuditChain.Write(entry), AuditChain.Write(AuditChain.Read(AuditChain.Write(entry))!));
            Assert.NotNull(AuditChain.Fault(before, entry with { Content = entry.Content! with { Covert = null } }));
            Assert.NotNull(AuditChain.Fault(before, entry with { Content = entry.Content! with { Covert = owner + "x" } }));
        }, iter: 50);
    }

    private static object Body(bool covert) => new
    {
        pattern = Plate,
        kind = "exact",
        priority = 1,
        display = "Tell me",
        reason = "OP:77",
        expires_at = TimeProvider.System.GetUtcNow().AddDays(1),
        covert,
    };

    private static Uri Address(string path) => new(path, UriKind.Relative);

    private async Task<string> PageAsync(string name, Role role)
    {
        var page = await browser.SignInAsync(hub, role, name: name);
        await page.GotoAsync($"{hub.Console}audit");
        await page.WaitForSelectorAsync("table.list tbody tr");
        return await page.InnerTextAsync("table.list");
    }
}
