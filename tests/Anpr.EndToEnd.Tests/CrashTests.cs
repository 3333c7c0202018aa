using Anpr.EndToEnd.Site;
using Anpr.Simulation.Demo;

namespace Anpr.EndToEnd.Tests;

public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kill_LanesAndHubAtRandomMoments_LosesNoPassageAndStoresNoneTwice()
    {
        Needs.Models();
        var ports = PortPlan.All(new Dictionary<string, string>()).Take(2).ToArray();
        await using var site = await TestSite.StartAsync(ports, TestContext.Current.CancellationToken);
        var result = await CrashTrial.RunAsync(site, kills: 10, seed: 20260301, pace: 2, output.WriteLine, TestContext.Current.CancellationToken);
        output.WriteLine(result.ToString());
        Assert.True(result.Passed, result.ToString());
    }
}
