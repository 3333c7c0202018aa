using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using LookReason = Anpr.Proto.V1.LookReason;

namespace Anpr.Hub.Tests.Movements;

/// <summary>Questions about movements over gRPC-Web, with the session that a sign-in link gave.</summary>
public sealed class MovementsGrpcTests : IAsyncLifetime
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly LookReason Why = new() { Reason = "OP:1", Text = "a check" };
    private RunningHub hub = null!;
    private LaneClient lane = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        foreach (var text in (string[])["AB12CDE", "XY34ZZZ", "QQ99QQQ"])
        {
            await lane.SendAsync(lane.Sighting(text, Guid.CreateVersion7().ToString(), [1], []));
        }
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Find_InPagesAndExport_GiveTheSameSightingsAndAreLogged()
    {
        using var channel = await ChannelAsync(Role.Officer);
        var movements = new MovementsService.MovementsServiceClient(channel);

        var first = await movements.FindAsync(new FindRequest { Why = Why, Page = 2 }, cancellationToken: Stop);
        var second = await movements.FindAsync(new FindRequest { Why = Why, Page = 2, Cursor = first.Cursor }, cancellationToken: Stop);
        var exported = new List<string>();
        using (var export = movements.Export(new FindRequest { Why = Why }, cancellationToken: Stop))
        {
            await foreach (var one in export.ResponseStream.ReadAllAsync(Stop))
            {
                exported.Add(one.Sighting.Sighting.Text);
            }
        }

        Assert.Equal(["QQ99QQQ", "XY34ZZZ", "AB12CDE"], first.Sightings.Concat(second.Sightings).Select(s => s.Sighting.Text));
        Assert.Equal("", second.Cursor);
        Assert.Equal(["QQ99QQQ", "XY34ZZZ", "AB12CDE"], exported);
        Assert.Equal([1L, 2L], hub.Get<AuditLog>().Newest("officer", "movements.search", 9).Select(e => e.Records));
        Assert.Equal("OP:1 \"a check\"", hub.Get<AuditLog>().Newest("officer", "movements.search", 1)[0].Why);
        Assert.Equal(("given out", 3L), hub.Get<AuditLog>().Newest("officer", "movements.export", 1).Select(e => (e.Result, e.Records!.Value)).Single());
    }

    [Fact]
    public async Task Vehicle_ItsJourneyCompanyAndLane_AreAnswered()
    {
        using var channel = await ChannelAsync(Role.Supervisor);
        var movements = new MovementsService.MovementsServiceClient(channel);
        var found = await movements.FindAsync(new FindRequest { Why = Why, Filter = new MovementFilter { Plate = "AB12CDE", Fuzzy = true } }, cancellationToken: Stop);
        var vehicle = found.Sightings[0].Vehicle;

        var journey = await movements.JourneyAsync(new VehicleRequest { Why = Why, Vehicle = vehicle }, cancellationToken: Stop);
        var company = await movements.CompanyAsync(new VehicleRequest { Why = Why, Vehicle = vehicle }, cancellationToken: Stop);
        var seen = await movements.SeenAtLaneAsync(new SeenAtLaneRequest { Why = Why, Port = "calais", Lane = "calais-1", Time = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()) }, cancellationToken: Stop);
        var counts = await movements.CountSearchesAsync(new CountSearchesRequest { Why = Why }, cancellationToken: Stop);

        Assert.InRange(found.Sightings[0].Probability, 0.5, 1);
        Assert.Equal(("AB12CDE", 1), (journey.Text, journey.Stops.Count));
        Assert.Empty(company.Companions);
        Assert.Equal(3, seen.Passages.Count);
        Assert.Equal(("all", 0u), (counts.Counts[0].Grouping, counts.Counts[0].Searches));
    }

    [Theory]
    [InlineData(null, StatusCode.Unauthenticated)]
    [InlineData(Role.Engineer, StatusCode.PermissionDenied)]
    [InlineData(Role.Officer, StatusCode.InvalidArgument)]
    public async Task Find_WithoutUserRoleOrReason_IsRefused(Role? role, StatusCode status)
    {
        using var channel = await ChannelAsync(role);

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new MovementsService.MovementsServiceClient(channel).FindAsync(new FindRequest(), cancellationToken: Stop));

        Assert.Equal(status, refused.StatusCode);
    }

    [Fact]
    public async Task Journey_OfNobody_IsNotFound_AndStrangeIdsAreRefused()
    {
        using var channel = await ChannelAsync(Role.Officer);
        var movements = new MovementsService.MovementsServiceClient(channel);

        var missing = await Assert.ThrowsAsync<RpcException>(async () => await movements.JourneyAsync(new VehicleRequest { Why = Why, Vehicle = "none" }, cancellationToken: Stop));
        var strange = await Assert.ThrowsAsync<RpcException>(async () => await movements.JourneyAsync(new VehicleRequest { Why = Why, Vehicle = "a\0b" }, cancellationToken: Stop));
        var time = await Assert.ThrowsAsync<RpcException>(async () => await movements.FindAsync(new FindRequest { Why = Why, Filter = new MovementFilter { From = new Timestamp { Seconds = long.MaxValue } } }, cancellationToken: Stop));

        Assert.Equal((StatusCode.NotFound, StatusCode.InvalidArgument, StatusCode.InvalidArgument), (missing.StatusCode, strange.StatusCode, time.StatusCode));
    }

    /// <summary>A plain gRPC client with a key, as any language has one: over HTTP/2 on this machine, and over TLS at the console's own address.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Find_OverHttp2WithAKey_IsAnswered_AndWithoutOneIsRefused(bool tls)
    {
        await using var other = tls ? await RunningHub.StartAsync(tls: true) : null;
        var asked = other ?? hub;
        var key = await asked.Get<ApiKeys>().AddAsync("port-system", ["movements"], TimeSpan.FromDays(1));
        var movements = new MovementsService.MovementsServiceClient(asked.Channel(tls ? asked.Console : asked.Programs));

        var found = await movements.FindAsync(new FindRequest { Why = Why }, new Metadata { { "authorization", $"Bearer {key}" } }, cancellationToken: Stop);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await movements.FindAsync(new FindRequest { Why = Why }, cancellationToken: Stop));

        Assert.Equal(tls ? 0 : 3, found.Sightings.Count);
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Equal("OP:1 \"a check\"", Assert.Single(asked.Get<AuditLog>().Newest("key:port-system", "movements.search", 9)).Why);
    }

    private async Task<GrpcChannel> ChannelAsync(Role? role)
    {
        var client = role is { } known ? await hub.SignInAsync(known) : hub.Browser();
        return GrpcChannel.ForAddress(hub.Console, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(new Session(client)) });
    }

    // The cookies of a signed-in client.
    private sealed class Session(HttpClient client) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content, Version = System.Net.HttpVersion.Version11 };
            foreach (var header in request.Headers)
            {
                copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            return client.SendAsync(copy, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
    }
}
