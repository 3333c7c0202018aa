using System.Net;
using Anpr.Hub.Access;

namespace Anpr.Hub.Tests.Access;

/// <summary>Which role may open which page, asked as a browser asks.</summary>
public sealed class RolesTests : IAsyncLifetime
{
    private static readonly Role[] Lookers = [Role.Officer, Role.Supervisor], Everybody = Enum.GetValues<Role>();

    private static readonly (string Path, Role[] Roles)[] Pages =
    [
        ("/live", Lookers), ("/alerts", Lookers), ("/alerts/x", Lookers), ("/passages/x", Lookers), ("/movements", Lookers), ("/vehicles/x", Lookers), ("/watchlist", Lookers),
        ("/lanes", [.. Everybody.Except([Role.Auditor])]), ("/audit", [Role.Supervisor, Role.Administrator, Role.Auditor]), ("/retention", [Role.Supervisor, Role.Administrator, Role.Auditor]), ("/people", [Role.Administrator]),
    ];

    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync();

    public async ValueTask DisposeAsync() => await hub.DisposeAsync();

    [Fact]
    public async Task Pages_EachRole_OpensItsOwnOnly()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var client = await hub.SignInAsync(role);
            foreach (var (path, roles) in Pages)
            {
                using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
                var expected = roles.Contains(role) ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
                Assert.True(expected == answer.StatusCode, $"{role} {path}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Pages_WithoutSession_AreClosed()
    {
        var client = hub.Browser();
        foreach (var (path, _) in Pages)
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{path}: {answer.StatusCode}");
        }
    }
}
