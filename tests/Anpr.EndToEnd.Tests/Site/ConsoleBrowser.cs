using Microsoft.Playwright;

namespace Anpr.EndToEnd.Site;

/// <summary>Debian's chromium on the console's live page, as an officer has it.</summary>
internal sealed class ConsoleBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _chromium;

    private ConsoleBrowser(IPlaywright playwright, IBrowser chromium, IPage live) => (_playwright, _chromium, Live) = (playwright, chromium, live);

    /// <summary>The live page.</summary>
    public IPage Live { get; }

    /// <summary>Opens chromium and signs in.</summary>
    /// <param name="link">A sign-in link that was not used yet.</param>
    public static async Task<ConsoleBrowser> SignInAsync(string link)
    {
        var playwright = await Playwright.CreateAsync();
        var chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
        var page = await chromium.NewPageAsync();
        await page.GotoAsync(link);
        await page.WaitForSelectorAsync("nav.rail");
        await page.GotoAsync(new Uri(new Uri(link), "/live").ToString());
        // Only once the page's own connection is there do new alerts come by themselves.
        await page.WaitForSelectorAsync("section.alerts");
        return new ConsoleBrowser(playwright, chromium, page);
    }

    /// <summary>Waits until an alert with this plate is seen.</summary>
    public Task SeeAlertAsync(string text) =>
        Live.Locator(".alert-card").Filter(new LocatorFilterOptions { Has = Live.GetByLabel(text) }).First.WaitForAsync(new LocatorWaitForOptions { Timeout = 60_000 });

    /// <summary>From now on the page notes when each alert is first painted; the clock is this machine's.</summary>
    public Task NoteAlertsAsync() => Live.EvaluateAsync("""
        () => {
          window.alertsSeen = {};
          const note = () => document.querySelectorAll('.alert-card').forEach(card => {
            if (!(card.id in window.alertsSeen)) { window.alertsSeen[card.id] = 0; requestAnimationFrame(() => { window.alertsSeen[card.id] = Date.now(); }); }
          });
          new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
        }
        """);

    /// <summary>When an alert was first painted.</summary>
    public async Task<DateTimeOffset> SeenAtAsync(string alert)
    {
        var seen = await Live.WaitForFunctionAsync("id => (window.alertsSeen['alert-' + id] || 0) > 0 && window.alertsSeen['alert-' + id]", alert);
        return DateTimeOffset.FromUnixTimeMilliseconds((long)await seen.JsonValueAsync<double>());
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        _playwright.Dispose();
    }
}
