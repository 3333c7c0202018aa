using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Tests.Storage;

/// <summary>What the hub process acknowledged is there after SIGKILL, whatever the moment; what it had not is simply sent again.</summary>
public sealed class KillTests : IDisposable
{
    private const int Messages = 240;
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Kill_AtRandomMoments_LosesNothingAcknowledgedAndStoresNothingTwice()
    {
        var random = new Random(20261124);
        var (certificate, messages) = await PrepareAsync();
        var answered = new Dictionary<string, Outcome>(StringComparer.Ordinal);
        for (var round = 0; round < 4; round++)
        {
            var (hub, address) = await HubProcess.RunHubAsync(folder.Path);
            using (hub)
            {
                // The last round runs to its end; the others are killed after some answers.
                var killAfter = round == 3 ? int.MaxValue : random.Next(1, Messages / 2);
                await SendAsync(address, certificate, messages, answered, killAfter, hub);
                await hub.KillAsync();
            }

            await using var store = LiteStore.Open(folder.Path, HubFeatures.Tables);
            Assert.All(answered, a => Assert.NotNull(store.Get(StoredSighting.Table, a.Key)));
            Assert.All(store.All(StoredSighting.Table), s => Assert.Equal([1, 2, 3, (byte)s.Message.Reads], store.Picture(s.Patch)!));
        }

        await using var end = LiteStore.Open(folder.Path, HubFeatures.Tables);
        Assert.Equal(Messages, answered.Count);
        Assert.Equal(Messages, end.Count(StoredSighting.Table));
        Assert.Equal(Messages, end.Count(RevisionRecord.Table));
        Assert.All(end.All(Anpr.Hub.Link.Vehicle.Table), v => Assert.Equal(v.Sightings, end.Prefix(StoredSighting.ByVehicle, v.Id + "|", 1000).Count));
    }

    // Sends everything that has no answer yet, and some that has; kills the hub after so many answers.
    private static async Task SendAsync(
        Uri address, X509Certificate2 certificate, List<Sighting> messages, Dictionary<string, Outcome> answered, int killAfter, HubProcess hub)
    {
        var known = answered.Keys.ToHashSet(StringComparer.Ordinal);
        using var channel = EnrolledLane.Channel(address, certificate);
        using var call = new Proto.V1.Ingest.IngestClient(channel).Stream(cancellationToken: TestContext.Current.CancellationToken);
        var wanted = messages.Where((m, i) => i % 10 == 0 || !known.Contains(m.Id)).ToList();
        try
        {
            for (var i = 0; i < wanted.Count; i++)
            {
                await call.RequestStream.WriteAsync(new IngestMessage { Sequence = (ulong)i, Sighting = wanted[i] });
            }

            await call.RequestStream.CompleteAsync();
            var count = 0;
            await foreach (var answer in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                var id = wanted[(int)answer.Sequence].Id;
                Assert.Contains(answer.Outcome, new[] { Outcome.Stored, Outcome.Duplicate });
                Assert.False(known.Contains(id) && answer.Outcome == Outcome.Stored, "an acknowledged message was forgotten");
                answered[id] = answer.Outcome;
                if (++count == killAfter)
                {
                    await hub.KillAsync();
                }
            }
        }
        catch (Exception error) when (error is RpcException or IOException or InvalidOperationException && killAfter != int.MaxValue)
        {
            // the hub was killed under the call
        }
    }

    // A hub folder with one enrolled lane, and what that lane will send.
    private async Task<(X509Certificate2 Certificate, List<Sighting> Messages)> PrepareAsync()
    {
        var certificate = await EnrolledLane.InAsync(folder.Path);
        using var unused = GrpcChannel.ForAddress("http://127.0.0.1:9");
        var lane = new LaneClient(unused, TimeProvider.System);
        var messages = Enumerable.Range(0, Messages).Select(i =>
        {
            var sighting = lane.Sighting($"AB{i % 80:D3}CD", Guid.CreateVersion7().ToString(), [1, 2, 3, (byte)i], []);
            sighting.Reads = (uint)i;
            return sighting;
        }).ToList();
        return (certificate, messages);
    }
}
