using System.Net;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Hub.Tests.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Grpc.Core;

namespace Anpr.Hub.Tests.Access;

/// <summary>Two hubs over one PostgreSQL: who is let in at one is let in at the other, and who is shut out of one is shut out of both.</summary>
public sealed class SharedAccessTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly Uri Home = new("/", UriKind.Relative);
    private readonly string connection = postgres.Server.NewDatabase();
    private RunningHub one = null!;
    private RunningHub two = null!;

    public async ValueTask InitializeAsync()
    {
        one = await RunningHub.StartAsync(store: connection);
        two = await RunningHub.StartAsync(store: connection, joins: one);
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [Fact]
    public async Task Session_BegunAtOneHub_IsGoodAtTheOther_AndEndsAtBoth()
    {
        await one.SignInAsync(Role.Officer); // both hubs have made their keys, or found them, by now
        await two.SignInAsync(Role.Engineer);
        var client = await one.SignInAsync(Role.Supervisor);
        var there = new Uri(two.Console, Home);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(there, TestContext.Current.CancellationToken)).StatusCode);

        await two.Get<Users>().RemoveAsync("supervisor");

        await UntilAsync(async () => (await client.GetAsync(Home, TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(there, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Link_SpentAtBothHubsAtOnce_SignsInOnce()
    {
        await one.Get<Users>().AddAsync("anna", Role.Officer);
        for (var i = 0; i < 10; i++)
        {
            var code = await one.Get<Users>().NewLinkAsync("anna");
            var tries = await Task.WhenAll(new[] { one, two }.Select(async hub =>
            {
                try
                {
                    return (await hub.Get<Users>().SpendAsync(code)).Name;
                }
                catch (InputException)
                {
                    return null;
                }
            }));
            Assert.Single(tries, "anna");
        }
    }

    [Fact]
    public async Task Lane_EnrolledAtOneHub_SpeaksAtTheOther_UntilItIsRevokedAtTheFirst()
    {
        using var certificate = await one.EnrolAsync("calais", "calais-1");
        using var open = new Lane.LaneClient(two.Channel(certificate)).FollowWatchlist(new FollowWatchlistRequest(), cancellationToken: TestContext.Current.CancellationToken);
        await one.Get<WatchlistBook>().AddAsync(new NewEntry("AB12CDE", ListedKind.Exact, 1, "listed", "OP:1", "anna", TimeProvider.System.GetUtcNow().AddDays(1)));
        Assert.True(await open.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        await one.Get<Lanes>().RevokeAsync("calais", "calais-1");

        await LaneDoorTests.EndAsync(open).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await UntilAsync(() => Task.FromResult(two.Get<Lanes>().All[0].RevokedAt is not null));
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
