using Anpr.Hub.Access;
using Microsoft.Playwright;

namespace Anpr.Hub.Tests.Web;

/// <summary>Pictures of every page for a person to look at: -explicit only, into $ANPR_SCREENSHOTS.</summary>
public sealed class Screenshots
{
    private static readonly (string Name, int Width, int Height)[] Sizes = [("desk", 1920, 1080), ("laptop", 1280, 800), ("tablet", 820, 1180), ("phone", 390, 844)];

    [Fact(Explicit = true)]
    public async Task EveryPage_EverySize()
    {
        var folder = Environment.GetEnvironmentVariable("ANPR_SCREENSHOTS") ?? throw new InvalidOperationException("Set ANPR_SCREENSHOTS to a folder.");
        Directory.CreateDirectory(folder);
        await using var browser = await Browser.StartAsync();
        await using var hub = await SeededHub.StartAsync(new DrawnPictures(await browser.OpenAsync(960, 540)));
        foreach (var (name, width, height) in Sizes)
        {
            var page = await browser.SignInAsync(hub, Role.Supervisor, width, height);
            await page.WaitForSelectorAsync(".alert-card");
            await ShootAsync(page, folder, $"live-{name}");
            await page.Locator(".alert-card a.button").First.ClickAsync();
            await page.WaitForSelectorAsync(".compare");
            await ShootAsync(page, folder, $"alert-{name}");
        }

        var light = await browser.SignInAsync(hub, Role.Supervisor, 1280, 800, ColorScheme.Light);
        await light.WaitForSelectorAsync(".alert-card");
        await ShootAsync(light, folder, "live-light");
    }

    private static async Task ShootAsync(IPage page, string folder, string name)
    {
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
    }
}
