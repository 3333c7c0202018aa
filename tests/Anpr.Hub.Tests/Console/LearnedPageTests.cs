using System.Globalization;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Anpr.Hub.Tests.Web;

/// <summary>The page of what was learned, as an engineer uses it.</summary>
public sealed class LearnedPageTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Learned_PairOfLanes_IsDrawn_AndForgottenForAReasonOnly()
    {
        await using var hub = await RunningHub.StartAsync();
        await hub.Get<IStore>().WriteAsync(writer => Learned.Keep(writer, new LearnedVersion(1, hub.Get<TimeProvider>().GetUtcNow(), "hub", "", 4_800, 4_300, hub.Get<TimeProvider>().GetUtcNow()), [Pair("entry-1", "control-3"), Pair("entry-1", "control-4")]));
        var page = await browser.SignInAsync(hub, Role.Engineer, 1366, 900);
        await page.ClickAsync("a[href='/learned']");

        await Expect(page.Locator("svg.heat rect.heat-other")).ToHaveCountAsync(4);
        await Expect(page.Locator(".chart .half")).ToHaveCountAsync(24);
        await Expect(page.Locator(".learned ol li").First).ToContainTextAsync("8 and B");
        if (Environment.GetEnvironmentVariable("ANPR_SCREENSHOTS") is { } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "learned-laptop.png"), FullPage = true });
            await page.SetViewportSizeAsync(390, 844);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "learned-phone.png"), FullPage = true });
        }

        await page.ClickAsync("button[type=submit]:has-text('Forget')");
        await Expect(page.Locator(".form-error")).ToContainTextAsync("CODE:REF");
        await page.FillAsync("#reason", "MAINT:2026-17");
        await page.ClickAsync("button[type=submit]:has-text('Forget')");

        await Expect(page.Locator("table.list tbody tr").First).ToContainTextAsync("forgotten: MAINT:2026-17");
        Assert.Single(hub.Get<LearningDesk>().Pairs);
        Assert.Equal(["MAINT:2026-17", ""], hub.Get<AuditLog>().Newest("engineer", "learned.forget", 5).Select(e => e.Why));
    }

    private static LanePair Pair(string from, string to)
    {
        var letters = MergedAlphabet.All.ToDictionary(c => string.Create(CultureInfo.InvariantCulture, $"{c}{c}"), c => 900.0, StringComparer.Ordinal);
        foreach (var (pair, count) in new[] { ("8B", 31.0), ("0D", 12), ("D0", 9), ("VY", 2) })
        {
            letters[pair] = count;
        }

        return new("calais", from, "calais", to, 2_400, [.. Enumerable.Range(0, 24).SelectMany(h => (TimeCount[])[new(h, 10 + (h / 4), 40), new(h, 13 + (h / 6), 50), new(h, 16, 10)])])
        {
            Matches = 2_150,
            Letters = letters,
        };
    }
}
