using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;
using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Tests.Faults;

/// <summary>Certificates that end while a lane is connected: it is cut off, and what it had not been told is sent by the next one.</summary>
public sealed class CertificateTests : IAsyncLifetime
{
    private static readonly LaneIdentity Calais = new("calais", "calais-1");
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync(time);

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task OutOfDate_WhileItSends_IsCutOffAndLosesNothing() => await EndsAsync(() =>
    {
        time.Advance(TimeSpan.FromHours(2));
        return Task.CompletedTask;
    }, "Check the clocks");

    [Fact]
    public async Task Revoked_WhileItSends_IsCutOffAndLosesNothing() => await EndsAsync(() => hub.Get<Lanes>().RevokeAsync(Calais.Port, Calais.Lane), "revoked");

    private async Task EndsAsync(Func<Task> end, string words)
    {
        using var certificate = await EnrolledAsync(time.GetUtcNow().AddDays(-90).AddHours(1)); // an hour is left
        var lane = new LaneClient(hub.Channel(certificate), time);
        var sightings = Enumerable.Range(0, 6).Select(i => lane.Sighting($"AB1{i}CDE", Guid.CreateVersion7().ToString(), [1], [])).ToList();
        using var stream = new Proto.V1.Ingest.IngestClient(hub.Channel(certificate)).Stream(cancellationToken: TestContext.Current.CancellationToken);
        foreach (var sighting in sightings.Take(3))
        {
            await stream.RequestStream.WriteAsync(new IngestMessage { Sighting = sighting });
            Assert.True(await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.Equal(Outcome.Stored, stream.ResponseStream.Current.Outcome);
        }

        await end();

        await EndAsync(stream).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<RpcException>(() => lane.SendAsync(sightings[3]));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Contains(words, refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(3, hub.Get<IStore>().Count(StoredSighting.Table));

        using var renewed = await EnrolledAsync(time.GetUtcNow());
        var again = new LaneClient(hub.Channel(renewed), time);
        foreach (var (sighting, i) in sightings.Select((s, i) => (s, i)))
        {
            Assert.Equal(i < 3 ? Outcome.Duplicate : Outcome.Stored, (await again.SendAsync(sighting)).Outcome);
        }

        Assert.Equal(sightings.Select(s => s.Id).Order(StringComparer.Ordinal), hub.Get<IStore>().All(StoredSighting.Table).Select(s => s.Id).Order(StringComparer.Ordinal));
    }

    private async Task<X509Certificate2> EnrolledAsync(DateTimeOffset at)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = hub.Get<Authority>().IssueLane(RunningHub.Csr(key), Calais, at);
        await hub.Get<Lanes>().EnrolledAsync(Calais, issued, "test-box");
        return RunningHub.WithKey(issued.ExportCertificatePem(), key);
    }

    // A call that is cut ends with an error; one that is not cut never ends.
    private static async Task EndAsync(AsyncDuplexStreamingCall<IngestMessage, IngestAnswer> stream)
    {
        try
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None))
            {
                // Nothing was sent that could be answered.
            }
        }
        catch (RpcException)
        {
            // Cut.
        }
    }
}
