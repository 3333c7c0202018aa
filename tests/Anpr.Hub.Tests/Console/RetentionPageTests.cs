using Anpr.Hub.Access;
using Anpr.Hub.Ingest;
using Anpr.Hub.Retention;
using Anpr.Hub.Tests.Retention;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Anpr.Hub.Tests.Web;

/// <summary>Legal holds and erasing in a real browser.</summary>
public sealed class RetentionPageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync();

    public async ValueTask DisposeAsync() => await hub.DisposeAsync();

    [Fact]
    public async Task Vehicle_UnderAHold_IsErasedOnceASupervisorHasLiftedIt()
    {
        var traffic = new KeptTraffic(hub, TimeProvider.System);
        var (_, passage) = await traffic.PassAsync("KA70RVN", 2);
        var supervisor = await browser.SignInAsync(hub, Role.Supervisor);
        await supervisor.ClickAsync("nav a[href='/retention']");
        await supervisor.FillAsync("#hold-of", "ka70 rvn");
        await supervisor.FillAsync("#hold-reason", "because");
        await supervisor.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Hold" }).ClickAsync();
        await Expect(supervisor.Locator(".form-error")).ToContainTextAsync("CODE:REF");
        await supervisor.FillAsync("#hold-reason", "CASE:2026-7");
        await supervisor.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Hold" }).ClickAsync();
        await Expect(supervisor.Locator(".holds tbody tr")).ToContainTextAsync("plate KA70RVN");

        var administrator = await browser.SignInAsync(hub, Role.Administrator);
        await administrator.ClickAsync("nav a[href='/retention']");
        await Expect(administrator.Locator(".holds tbody tr")).ToContainTextAsync("CASE:2026-7");
        await Expect(administrator.Locator(".holds tbody tr")).Not.ToContainTextAsync("KA70RVN");
        await EraseAsync(administrator, "KA70RVN", "KA70RVM");
        await Expect(administrator.Locator(".form-error")).ToContainTextAsync("differ");
        await EraseAsync(administrator, "KA70RVN", "ka70 rvn");
        await Expect(administrator.Locator(".form-error")).ToContainTextAsync("legal hold");
        Assert.True(traffic.IsKept(passage));

        await supervisor.FillAsync("#hold-reason", "CASE:2026-7");
        await supervisor.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Lift" }).ClickAsync();
        await Expect(supervisor.Locator(".holds tbody button")).ToHaveCountAsync(0);
        await EraseAsync(administrator, "KA70RVN", "ka70 rvn");
        await Expect(administrator.GetByRole(AriaRole.Status)).ToContainTextAsync("1 passages");
        Assert.Equal(0, traffic.Store.Count(StoredSighting.Table));
        Assert.Equal("administrator", Assert.Single(hub.Get<ErasureDesk>().Newest(5)).By);
    }

    private static async Task EraseAsync(IPage page, string plate, string again)
    {
        await page.FillAsync("#erase-plate", plate);
        await page.FillAsync("#erase-again", again);
        await page.FillAsync("#erase-reason", "DPA:2026-7");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Erase" }).ClickAsync();
    }
}
