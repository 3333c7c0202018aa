using Anpr.Benchmarks.Fuzz.Requests;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Google.Protobuf;

namespace Anpr.Hub.Tests.Faults;

/// <summary>Malformed requests at every route and gRPC method of a whole hub; <c>./anpr bench requests</c> sends a million.</summary>
[Collection(nameof(Alone))]
public sealed class RequestFuzzTests
{
    private const int Requests = 20_000;
    private const int Each = 8;
    private const int Shown = 20;

    [Fact]
    public async Task Hub_AskedNonsense_NeverStumblesLetsNobodyInAndKeepsWhatItHas()
    {
        var stop = TestContext.Current.CancellationToken;
        using var log = new ErrorLog();
        await using var hub = await RunningHub.StartAsync();
        using var certificate = await hub.EnrolAsync("calais", "calais-1");
        var lane = new LaneClient(hub.Channel(certificate), TimeProvider.System);
        var passage = Guid.CreateVersion7().ToString();
        var sightings = new[] { lane.Sighting("AB12CDE", passage, [1], []), lane.Sighting("XY34ZZZ", passage, [2], []) };
        await Task.WhenAll(sightings.Select(lane.SendAsync));
        await lane.SendAsync(lane.Passage(passage, sightings.Select(s => s.Id)));
        var store = hub.Get<IStore>();
        using var target = new FuzzTarget(hub.App, certificate, [passage, .. sightings.Select(s => s.Id), .. store.All(Vehicle.Table).Select(v => v.Id)]);
        var fuzz = new RequestFuzz(target, await Callers.MakeAsync(hub.App.Services, Each));
        var kept = store.All(RevisionRecord.Table).ToDictionary(r => (r.Kind, r.Of, r.Revision), r => r.Digest);
        var before = target.Counts(HubFeatures.Tables);

        await fuzz.RunAsync(seed: 1, from: 0, Requests, atOnce: 4, stop);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", fuzz.Answers.OrderByDescending(a => a.Value).Select(a => $"{a.Key}: {a.Value}")));
        await System.IO.File.WriteAllLinesAsync("/tmp/faults_found.txt", [.. fuzz.Faults, "----", .. log.Errors], stop);
        var after = target.Counts(HubFeatures.Tables);
        Assert.True(fuzz.Faults.IsEmpty, string.Join('\n', fuzz.Faults.Take(Shown)));
        Assert.True(log.Errors.IsEmpty, string.Join('\n', log.Errors.Take(Shown)));
        Assert.Equal(before[RevisionRecord.Table.Name] + fuzz.Stored, after[RevisionRecord.Table.Name]);
        var now = store.All(RevisionRecord.Table).ToDictionary(r => (r.Kind, r.Of, r.Revision), r => r.Digest);
        Assert.All(kept, k => Assert.Equal(k.Value, now[k.Key]));
        Assert.All(sightings, s => Assert.Equal(s.Text, store.Get(StoredSighting.Table, s.Id)!.Text));
        Assert.Equal(IngestAnswer.Types.Outcome.Stored, (await lane.SendAsync(lane.Sighting("AB12CDE", passage, [3], []))).Outcome);
    }
}
