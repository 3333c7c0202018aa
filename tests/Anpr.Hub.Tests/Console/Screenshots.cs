using Anpr.Hub.Access;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Proto.V1;
using Microsoft.Playwright;

namespace Anpr.Hub.Tests.Web;

/// <summary>Pictures of every page for a person to look at: -explicit only, into $ANPR_SCREENSHOTS.</summary>
public sealed class Screenshots(Browser browser) : IClassFixture<Browser>
{
    private static readonly (string Name, int Width, int Height)[] Sizes = [("desk", 1920, 1080), ("laptop", 1280, 800), ("tablet", 820, 1180), ("phone", 390, 844)];

    // Names of sizes, all when it is not set.
    private static string? Wanted => Environment.GetEnvironmentVariable("ANPR_SCREENSHOT_SIZES");

    [Fact(Explicit = true)]
    public async Task EveryPage_EverySize()
    {
        var folder = Environment.GetEnvironmentVariable("ANPR_SCREENSHOTS") ?? throw new InvalidOperationException("Set ANPR_SCREENSHOTS to a folder.");
        Directory.CreateDirectory(folder);
        await using var hub = await SeededHub.StartAsync(new DrawnPictures(await browser.OpenAsync(960, 540)));
        await SearchAsync(hub);
        foreach (var (name, width, height) in Sizes.Where(s => Wanted is null || Wanted.Contains(s.Name, StringComparison.Ordinal)))
        {
            await OfficerPagesAsync(await browser.SignInAsync(hub, Role.Supervisor, width, height), folder, name);
            var administrator = await browser.SignInAsync(hub, Role.Administrator, width, height);
            await ShootAsync(administrator, folder, $"people-{name}");
            await administrator.ClickAsync("nav a[href='/retention']");
            await administrator.WaitForSelectorAsync("#erase-plate");
            await ShootAsync(administrator, folder, $"erase-{name}");
        }

        if (Wanted is not null)
        {
            return;
        }

        var light = await browser.SignInAsync(hub, Role.Supervisor, 1280, 800, ColorScheme.Light);
        await OfficerPagesAsync(light, folder, "light");
        await ShootAsync(await OpenAsync(await browser.OpenAsync(1280, 800), hub.Console, "/sign-in", ".sign-in"), folder, "sign-in");
    }

    private static async Task OfficerPagesAsync(IPage page, string folder, string name)
    {
        await page.WaitForSelectorAsync(".alert-card");
        await ShootAsync(page, folder, $"live-{name}");
        await page.Locator(".alert-card", new PageLocatorOptions { HasText = "cut seal" }).Locator("a.button").First.ClickAsync();
        await page.WaitForSelectorAsync(".compare");
        await ShootAsync(page, folder, $"alert-{name}");
        await page.GetByText("Record what was done").ClickAsync();
        await page.WaitForSelectorAsync(".evidence");
        await ShootAsync(page, folder, $"passage-{name}");
        await page.ClickAsync("a[href='/live']");
        await page.Locator(".lane-last", new PageLocatorOptions { HasText = "raised" }).ClickAsync();
        await page.WaitForSelectorAsync(".weigh");
        await ShootAsync(page, folder, $"evidence-{name}");
        await page.ClickAsync("nav a[href='/movements']");
        await page.FillAsync("#reason", "OP:2026-114");
        await page.FillAsync("#plate", "KA70*");
        await page.ClickAsync("button[type=submit].button-main");
        await page.WaitForSelectorAsync(".result");
        await ShootAsync(page, folder, $"movements-{name}");
        await page.Locator(".result a.button").First.ClickAsync();
        await page.WaitForSelectorAsync(".journey");
        await ShootAsync(page, folder, $"journey-{name}");
        await MovementPagesAsync(page, folder, name);
        foreach (var (path, shown) in new[] { ("watchlist", "table.list"), ("lanes", ".lane-box"), ("audit", "table.list"), ("retention", "h2"), ("alerts", "table.list") })
        {
            await page.ClickAsync($"nav a[href='/{path}']");
            await page.WaitForSelectorAsync(shown);
            await ShootAsync(page, folder, $"{path}-{name}");
        }

        await page.ClickAsync("nav a[href='/watchlist']");
        await page.ClickAsync("a[href='/bookings']");
        await page.WaitForSelectorAsync("#plate");
        await ShootAsync(page, folder, $"bookings-{name}");
        await page.ClickAsync("nav a[href='/watchlist']");
        await page.FillAsync("#pattern", "KA708BC");
        await page.SelectOptionAsync("#kind", "Fuzzy");
        await page.FillAsync("#reason", "OP:2026-114");
        await page.ClickAsync("#preview");
        await page.WaitForSelectorAsync(".preview");
        await ShootAsync(page, folder, $"preview-{name}");
        await page.ClickAsync("a[href='/watchlist/import']");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "list.csv", MimeType = "text/csv", Buffer = "pattern,kind,priority,display,reason,expires_at\nAB1,fuzzily,9,Stop,because,soon\n"u8.ToArray() });
        await page.WaitForSelectorAsync(".import-summary");
        await ShootAsync(page, folder, $"import-{name}");
    }

    private static async Task MovementPagesAsync(IPage page, string folder, string name)
    {
        await page.ClickAsync("nav a[href='/movements']");
        await page.FillAsync("#reason", "OP:2026-114");
        await page.FillAsync("#plate", "KA70RVM");
        await page.CheckAsync("#fuzzy");
        await page.ClickAsync(".more-filters summary");
        await page.ClickAsync("button[type=submit].button-main");
        await page.WaitForSelectorAsync(".tag-likely");
        await ShootAsync(page, folder, $"movements-fuzzy-{name}");
        foreach (var (path, own, shown) in new[] { ("movements/lane", "#minutes", ".seen-row"), ("statistics", "#port", ".shares") })
        {
            await page.ClickAsync("nav a[href='/movements']");
            await page.ClickAsync($".page-tools a[href='/{path}']");
            await page.WaitForSelectorAsync(own);
            await page.FillAsync("#reason", "OP:2026-114");
            await page.ClickAsync("button[type=submit].button-main");
            await page.WaitForSelectorAsync(shown);
            await ShootAsync(page, folder, $"{path.Replace('/', '-')}-{name}");
        }
    }

    private static async Task SearchAsync(RunningHub hub)
    {
        var book = hub.Get<PassageBook>();
        (Search.Types.Reason Reason, string[] Methods)[] kinds = [(Search.Types.Reason.Alert, ["dog", "heartbeat"]), (Search.Types.Reason.Random, ["co2"]), (Search.Types.Reason.Officer, ["visual"])];
        foreach (var (passage, i) in book.Newest(15).Select((p, i) => (p, i)))
        {
            for (var again = 0; again < 6; again++)
            {
                var (reason, methods) = kinds[i % 3];
                var people = again < 2 - (i % 3) && i < 6;
                var search = new Search { PassageId = passage.Id, Reason = reason, Officer = "officer", Finding = people ? Search.Types.Finding.People : Search.Types.Finding.Clear, People = people ? 2u : 0 };
                search.Methods.AddRange(methods);
                await book.RecordAsync(search);
            }
        }
    }

    private static async Task<IPage> OpenAsync(IPage page, Uri hub, string path, string shown)
    {
        await page.GotoAsync(new Uri(hub, path).ToString());
        await page.WaitForSelectorAsync(shown);
        return page;
    }

    private static async Task ShootAsync(IPage page, string folder, string name)
    {
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
    }
}
