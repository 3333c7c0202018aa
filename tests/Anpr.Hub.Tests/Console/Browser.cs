using Anpr.Hub.Access;
using Microsoft.Playwright;

namespace Anpr.Hub.Tests.Web;

/// <summary>Debian's chromium, driven as a person drives it. One for all tests of a class: starting it costs more than a test.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright playwright = null!;
    private IBrowser chromium = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    /// <summary>A page that came in by a sign-in link of a user with this role.</summary>
    internal async Task<IPage> SignInAsync(RunningHub hub, Role role, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Dark, string? name = null)
    {
        var page = await OpenAsync(width, height, scheme);
        name ??= role.ToString().ToLowerInvariant();
        if (hub.Get<Users>().Find(name) is null)
        {
            await hub.Get<Users>().AddAsync(name, role);
        }

        await page.GotoAsync($"{hub.Console}sign-in?code={await hub.Get<Users>().NewLinkAsync(name)}");
        await page.WaitForSelectorAsync("nav.rail");
        return page;
    }

    internal async Task<IPage> OpenAsync(int width, int height, ColorScheme scheme = ColorScheme.Dark)
    {
        var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        playwright.Dispose();
    }
}
