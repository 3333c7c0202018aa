using System.Text.RegularExpressions;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Anpr.Hub.Tests.Web;

/// <summary>The console in a real browser, with a real lane at the hub's other door.</summary>
public sealed class ConsoleTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    // The smallest picture that a browser draws: one grey pixel.
    private static readonly byte[] Pixel = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=");

    private RunningHub hub = null!;
    private LaneClient lane = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
    }

    public async ValueTask DisposeAsync() => await hub.DisposeAsync();

    [Fact]
    public async Task Alert_Raised_ArrivesOnAnOpenPage_IsTakenByKey_AndIsWithdrawnWhenThePlateReadsOtherwise()
    {
        await ListAsync("KA70RVN");
        var page = await browser.SignInAsync(hub, Role.Officer);
        await Expect(page.GetByText("No open alert.")).ToBeVisibleAsync();

        var sighting = lane.Sighting("KA70RVN", Guid.CreateVersion7().ToString(), Pixel, Pixel);
        await lane.SendAsync(sighting);

        var card = page.Locator(".alert-card.alert-new");
        await Expect(card).ToBeVisibleAsync();
        await Expect(card).ToContainTextAsync("Stop and tell OP 114");
        await Expect(card.Locator("img.patch")).ToHaveJSPropertyAsync("naturalWidth", 1);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("a");
        await Expect(page.Locator(".alert-state")).ToHaveTextAsync("taken by officer");
        Assert.Contains(hub.Get<AuditLog>().Newest("officer", "alert.acknowledge", 5), e => e.Who == "officer");

        sighting.Revision = 2;
        sighting.Text = "KA70RVH";
        await lane.SendAsync(sighting);
        await Expect(page.Locator(".alert-withdrawn")).ToContainTextAsync("now reads");
        await Expect(page.GetByText("No open alert.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Movements_WithoutReason_ShowNothing_WithReason_ShowAndLog()
    {
        await lane.SendAsync(lane.Sighting("KA70RVN", Guid.CreateVersion7().ToString(), Pixel, Pixel));
        var page = await browser.SignInAsync(hub, Role.Officer);
        await page.ClickAsync("nav a[href='/movements']");
        await page.FillAsync("#plate", "KA70*");
        await page.FillAsync("#reason", "curious");
        await page.ClickAsync("button[type=submit].button-main");
        await Expect(page.Locator(".form-error")).ToContainTextAsync("CODE:REF");
        await Expect(page.Locator(".result")).ToHaveCountAsync(0);

        await page.FillAsync("#reason", "OP:2026-114");
        await page.ClickAsync("button[type=submit].button-main");
        await Expect(page.Locator(".result")).ToHaveCountAsync(1);
        await page.ClickAsync(".result a.button");
        await Expect(page.Locator(".journey li")).ToHaveCountAsync(1);

        var looks = hub.Get<AuditLog>().Newest("officer", "", 20);
        Assert.Contains(looks, e => e is { What: "movements.search", Why: "OP:2026-114" });
        Assert.Contains(looks, e => e is { What: "movements.search", Result: "refused" });
        Assert.Contains(looks, e => e is { What: "journey.look", Why: "OP:2026-114" });
    }

    [Fact]
    public async Task Movements_SimilarPlates_ShowTheirProbability_AndTheAnswerIsGivenOutAsAFile()
    {
        await lane.SendAsync(lane.Sighting("KA70RVN", Guid.CreateVersion7().ToString(), Pixel, Pixel, "GB", null, (6, 0.8f, 'M')));
        var page = await browser.SignInAsync(hub, Role.Officer);
        await page.ClickAsync("nav a[href='/movements']");
        await page.FillAsync("#plate", "KA70RVM");
        await page.FillAsync("#reason", "OP:2026-114");
        await page.FillAsync("#reason-text", "told by a driver");
        await page.CheckAsync("#fuzzy");
        await page.ClickAsync("button[type=submit].button-main");
        await Expect(page.Locator(".result .tag-likely")).ToContainTextAsync("chance");
        var file = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync(".exports a >> nth=0"));

        Assert.Equal("movements.csv", file.SuggestedFilename);
        Assert.Contains("KA70RVN", await File.ReadAllTextAsync((await file.PathAsync())!, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var looks = hub.Get<AuditLog>().Newest("officer", "movements", 5);
        Assert.Equal([1L, null, 1L], looks.Select(e => e.Records));
        Assert.All(looks, e => Assert.Equal("OP:2026-114 \"told by a driver\"", e.Why));
    }

    [Fact]
    public async Task LaneAroundATime_ShowsUnreadVehicles_AndSearchesAreCounted()
    {
        await lane.SendAsync(lane.Passage(Guid.CreateVersion7().ToString(), []));
        var passage = hub.Get<Anpr.Hub.Movements.PassageBook>().Newest(1)[0].Id;
        await lane.SendAsync(lane.Search(passage));
        var page = await browser.SignInAsync(hub, Role.Officer);
        await page.ClickAsync("nav a[href='/movements']");
        await page.ClickAsync("a[href='/movements/lane']");
        await page.WaitForSelectorAsync("#minutes");
        await page.FillAsync("#reason", "OP:1");
        await page.ClickAsync("button[type=submit].button-main");
        await Expect(page.Locator(".seen-row")).ToContainTextAsync("no plate read");

        await page.ClickAsync("nav a[href='/movements']");
        await page.ClickAsync("a[href='/statistics']");
        await page.WaitForSelectorAsync("#port");
        await page.FillAsync("#reason", "CHECK:1");
        await page.ClickAsync("button[type=submit].button-main");
        await Expect(page.Locator(".shares").First).ToContainTextAsync("random");
        Assert.Equal([1L, 1L], hub.Get<AuditLog>().Newest("officer", "", 2).Select(e => e.Records));
    }

    [Fact]
    public async Task Passage_SearchFinding_IsRecordedUnderTheOfficersName()
    {
        var sighting = lane.Sighting("KA70RVN", Guid.CreateVersion7().ToString(), Pixel, Pixel);
        await lane.SendAsync(sighting);
        await lane.SendAsync(lane.Passage(sighting.PassageId, [sighting.Id], null, ("co2", 0.9, 2.1, "CO2 +412 ppm over ambient", "")));
        var page = await browser.SignInAsync(hub, Role.Officer);
        await page.Locator(".row").First.ClickAsync();
        await Expect(page.Locator(".evidence tbody tr")).ToHaveCountAsync(2);

        await page.GetByText("Record the search").ClickAsync();
        await Expect(page.Locator(".form-error")).ToContainTextAsync("why");
        await page.GetByText("Random choice").ClickAsync();
        await page.GetByText("Dog", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await page.GetByText("People", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await page.FillAsync(".people input", "3");
        await page.GetByText("Record the search").ClickAsync();

        await Expect(page.Locator(".history")).ToContainTextAsync("Searched by officer (random; dog): 3 people found");
    }

    [Fact]
    public async Task Home_OfEachRole_IsItsOwnFirstPage()
    {
        foreach (var (role, title) in new[] { (Role.Officer, "Live"), (Role.Supervisor, "Live"), (Role.Engineer, "Lanes"), (Role.Administrator, "People") })
        {
            var page = await browser.SignInAsync(hub, role);
            await Expect(page.Locator("h1")).ToHaveTextAsync(title);
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task Session_UserRemoved_TakesThePageAway()
    {
        var page = await browser.SignInAsync(hub, Role.Officer);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Live");

        await hub.Get<Users>().RemoveAsync("officer");

        await Expect(page.Locator("h1")).ToHaveTextAsync("Your session has ended", new LocatorAssertionsToHaveTextOptions { Timeout = 30_000 });
    }

    [Fact]
    public async Task EveryPage_AsksNobodyButTheHub_AndBreaksNoContentRule()
    {
        var page = await browser.OpenAsync(1280, 800);
        var strangers = new List<string>();
        var complaints = new List<string>();
        page.Request += (_, r) =>
        {
            if (new Uri(r.Url).Authority != hub.Console.Authority)
            {
                strangers.Add(r.Url);
            }
        };
        page.Console += (_, m) =>
        {
            if (m.Type is "error" or "warning")
            {
                complaints.Add(m.Text);
            }
        };
        await hub.Get<Users>().AddAsync("supervisor", Role.Supervisor);
        await page.GotoAsync($"{hub.Console}sign-in?code={await hub.Get<Users>().NewLinkAsync("supervisor")}");
        foreach (var path in new[] { "alerts", "movements", "watchlist", "lanes", "audit", "retention", "live" })
        {
            await page.ClickAsync($"nav a[href='/{path}']");
            await Expect(page).ToHaveURLAsync(new Regex($"/{path}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
            await Expect(page.Locator("h1")).ToBeVisibleAsync();
        }

        Assert.Empty(strangers);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Theme_Switched_StaysAfterLoadingAgain()
    {
        var page = await browser.SignInAsync(hub, Role.Officer, scheme: ColorScheme.Light);
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");

        await page.GetByText("Dark", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();

        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    private Task<EntryAdded> ListAsync(string pattern) => hub.Get<WatchlistBook>().AddAsync(new NewEntry(
        pattern, ListedKind.Exact, 1, "Stop and tell OP 114", "OP:2026-114", "supervisor", TimeProvider.System.GetUtcNow().AddDays(1)));
}
