using System.Text;
using Anpr.Hub.Access;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Anpr.Hub.Tests.Web;

/// <summary>Watchlist and bookings as a supervisor uses them, in a real browser.</summary>
public sealed class ListPagesTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private RunningHub hub = null!;
    private LaneClient lane = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
    }

    public async ValueTask DisposeAsync() => await hub.DisposeAsync();

    [Fact]
    public async Task Entry_IsPreviewed_AddedForAPort_AndChanged()
    {
        await lane.SendAsync(lane.Sighting("AB12BCD", Guid.CreateVersion7().ToString(), [1], []));
        var page = await browser.SignInAsync(hub, Role.Supervisor);
        await page.ClickAsync("nav a[href='/watchlist']");
        await page.FillAsync("#pattern", "ab12 8cd");
        await page.SelectOptionAsync("#kind", "Fuzzy");
        await page.FillAsync("#reason", "OP:2026-114");
        await page.ClickAsync("#preview");
        await Expect(page.Locator(".preview")).ToContainTextAsync("would have hit 1 sightings of 1 vehicles");
        await Expect(page.Locator(".preview .differs").First).ToBeVisibleAsync();

        await page.FillAsync("#display", "Stop");
        await page.GetByLabel("Calais").CheckAsync();
        await page.ClickAsync("button[type=submit].button-main");
        await Expect(page.GetByText("It was seen 1 times in the last 7 days")).ToBeVisibleAsync();
        await page.GetByText("Change", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(page.Locator("#display")).ToHaveValueAsync("Stop");
        await page.FillAsync("#display", "Search");
        await page.ClickAsync("button[type=submit].button-main");

        await Expect(page.Locator("table.list")).ToContainTextAsync("Search");
        var entry = Assert.Single(hub.Get<WatchlistBook>().Entries("supervisor"));
        Assert.Equal(("AB128CD", ListedKind.Fuzzy, "Search"), (entry.Pattern, entry.Kind, entry.Display));
        Assert.Equal(["calais"], entry.Ports);
    }

    [Fact]
    public async Task Import_AFile_ShowsWhatCameOfItAndTheRefusedRows()
    {
        var page = await browser.SignInAsync(hub, Role.Supervisor);
        await page.ClickAsync("nav a[href='/watchlist']");
        await page.ClickAsync("a[href='/watchlist/import']");
        var until = TimeProvider.System.GetUtcNow().AddDays(9).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await UploadAsync(page, $"pattern,kind,priority,display,reason,expires_at\nAB12CDE,exact,1,Stop,OP:1,{until}\nXY1,fuzzily,1,Stop,OP:1,{until}\n");

        await Expect(page.Locator(".import-summary")).ToContainTextAsync("2 rows: 1 added, 0 changed, 0 as they were, 1 refused");
        await Expect(page.Locator("table.list")).ToContainTextAsync("exact, wildcard or fuzzy");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download the refused rows").ClickAsync());
        Assert.Contains("3,kind,", await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bookings_AFile_IsTakenIn_LookedUpWithAReason_AndShownWithThePassage()
    {
        var passage = Guid.CreateVersion7().ToString();
        await lane.SendAsync(lane.Sighting("AB12CDE", passage, [1], []));
        var page = await browser.SignInAsync(hub, Role.Supervisor);
        await page.ClickAsync("nav a[href='/watchlist']");
        await page.ClickAsync("a[href='/bookings']");
        await UploadAsync(page, $"registration,trailer,cargo,crossing_at\nAB12CDE,TR1234,produce,{TimeProvider.System.GetUtcNow().AddHours(2).UtcDateTime:yyyy-MM-ddTHH:mm}Z\n");
        await Expect(page.Locator(".import-summary")).ToContainTextAsync("1 added");
        await page.FillAsync("#plate", "tr 1234");
        await page.EvaluateAsync($"document.querySelector('input[type=date]').value = '{TimeProvider.System.GetUtcNow().AddHours(2).UtcDateTime:yyyy-MM-dd}'");
        await page.DispatchEventAsync("input[type=date]", "change");
        await page.FillAsync("#reason", "OP:2026-114");
        await page.ClickAsync("button[type=submit].button-main");
        await Expect(page.Locator("table.list")).ToContainTextAsync("produce");

        await page.GotoAsync($"{hub.Console}passages/{passage}");

        await Expect(page.Locator(".booking-line")).ToContainTextAsync("produce");
    }

    private static Task UploadAsync(IPage page, string csv) =>
        page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "list.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv) });
}
