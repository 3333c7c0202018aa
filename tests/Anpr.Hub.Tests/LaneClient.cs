using System.Globalization;
using System.Security.Cryptography;
using Anpr.Proto.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace Anpr.Hub.Tests;

/// <summary>Speaks for one enrolled lane, over real gRPC.</summary>
internal sealed class LaneClient(GrpcChannel channel, TimeProvider time)
{
    private readonly Proto.V1.Ingest.IngestClient ingest = new(channel);
    private readonly Proto.V1.Lane.LaneClient lane = new(channel);
    private ulong sequence;

    public static async Task<LaneClient> EnrolAsync(RunningHub hub, string port, string name, TimeProvider? time = null) =>
        new(hub.Channel(await hub.EnrolAsync(port, name)), time ?? TimeProvider.System);

    /// <summary>How far this lane's simulated clock is shifted; null for a real one.</summary>
    public TimeSpan? Shift { get; init; }

    public DateTimeOffset Now => time.GetUtcNow() + (Shift ?? TimeSpan.Zero);

    private TimeQuality Quality => Shift is { } shift
        ? new TimeQuality { Source = TimeQuality.Types.Source.StreamClock, Synchronised = true, Simulated = true, SimulatedShift = Duration.FromTimeSpan(shift) }
        : new TimeQuality { Source = TimeQuality.Types.Source.BoxClock, Synchronised = true };

    /// <summary>A sighting that is sure of each character but those in <paramref name="unsure"/>: index, probability, and what else it may be.</summary>
    public Sighting Sighting(string text, string passage, byte[] patch, byte[] overview, string country = "GB", DateTimeOffset? at = null, params (int At, float P, char Else)[] unsure)
    {
        var captured = Timestamp.FromDateTimeOffset(at ?? Now);
        var sighting = new Sighting
        {
            Id = Guid.CreateVersion7().ToString(),
            Revision = 1,
            PassageId = passage,
            Stage = Stage.Provisional,
            Camera = "front",
            CapturedAt = captured,
            FirstSeen = captured,
            LastSeen = captured,
            DecidedAt = captured,
            Text = text,
            RawText = text,
            Confidence = unsure.Aggregate(0.97f, (p, u) => p * u.P),
            Country = country,
            Side = Side.Front,
            Direction = Direction.Towards,
            Reads = 7,
            Lines = 1,
            Detection = 0.94f,
            PatchJpeg = ByteString.CopyFrom(patch),
            OverviewSha256 = overview.Length > 0 ? Hash(overview) : "",
            TimeQuality = Quality,
            ModelVersion = "detector/1 reader/1",
        };
        for (var i = 0; i < text.Length; i++)
        {
            var doubt = unsure.FirstOrDefault(u => u.At == i && u.P > 0);
            var character = new Character { C = text[i].ToString(CultureInfo.InvariantCulture), P = doubt.P > 0 ? doubt.P : 0.99f };
            if (doubt.P > 0)
            {
                character.Alternatives.Add(new CharacterAlternative { C = doubt.Else.ToString(CultureInfo.InvariantCulture), P = 1 - doubt.P });
            }

            sighting.Characters.Add(character);
        }

        return sighting;
    }

    /// <summary>A closed passage; evidence is (kind, weight, llr, words) and adds up to the score with the prior of 1 in 1,000.</summary>
    public Passage Passage(string id, IEnumerable<string> sightings, DateTimeOffset? at = null, params (string Kind, double Weight, double Llr, string Words, string Veto)[] evidence)
    {
        const double prior = -6.9;
        var opened = at ?? Now;
        var passage = new Passage
        {
            Id = id,
            Revision = 1,
            Stage = Stage.Closed,
            OpenedAt = Timestamp.FromDateTimeOffset(opened),
            ClosedAt = Timestamp.FromDateTimeOffset(opened.AddSeconds(1)),
            OpenedBy = Proto.V1.Passage.Types.OpenedBy.Plate,
            Station = "control",
            Direction = Direction.Towards,
            Score = 1 / (1 + Math.Exp(-(prior + evidence.Sum(e => e.Weight * e.Llr)))),
            TimeQuality = Quality,
        };
        passage.SightingIds.AddRange(sightings);
        passage.Evidence.Add(new Evidence { Kind = "prior", Llr = prior, Weight = 1, Words = "About 1 lorry in 1,000 hides somebody", From = passage.OpenedAt, To = passage.ClosedAt });
        passage.Evidence.AddRange(evidence.Select(e => new Evidence
        {
            Kind = e.Kind,
            Weight = e.Weight,
            Llr = e.Llr,
            Words = e.Words,
            Veto = e.Veto,
            Sensor = $"{e.Kind}-1",
            From = passage.OpenedAt,
            To = passage.ClosedAt,
        }));
        return passage;
    }

    public Task<IngestAnswer> SendAsync(Sighting sighting) => SendAsync(new IngestMessage { Sighting = sighting });

    public Task<IngestAnswer> SendAsync(Passage passage) => SendAsync(new IngestMessage { Passage = passage });

    public Task<IngestAnswer> SendAsync(Search search) => SendAsync(new IngestMessage { Search = search });

    public Task<IngestAnswer> SendAsync(Disposition disposition) => SendAsync(new IngestMessage { Disposition = disposition });

    /// <summary>A finished search of a passage: a dog, nothing found.</summary>
    public Search Search(string passage) => new()
    {
        Id = Guid.CreateVersion7().ToString(),
        Revision = 1,
        PassageId = passage,
        Reason = Proto.V1.Search.Types.Reason.Random,
        Methods = { "dog" },
        StartedAt = Timestamp.FromDateTimeOffset(Now),
        EndedAt = Timestamp.FromDateTimeOffset(Now),
        Finding = Proto.V1.Search.Types.Finding.Clear,
    };

    /// <summary>The vehicle of a passage was let go.</summary>
    public Disposition Disposition(string passage) => new()
    {
        Id = Guid.CreateVersion7().ToString(),
        Revision = 1,
        PassageId = passage,
        Outcome = Proto.V1.Disposition.Types.Outcome.Released,
        At = Timestamp.FromDateTimeOffset(Now),
    };

    public async Task<OverviewAnswer> SendOverviewAsync(Sighting sighting, byte[] jpeg)
    {
        using var call = ingest.UploadOverview(cancellationToken: TestContext.Current.CancellationToken);
        try
        {
            await call.RequestStream.WriteAsync(new OverviewChunk { Key = new OverviewKey { SightingId = sighting.Id, Revision = sighting.Revision, Sha256 = Hash(jpeg), Length = (uint)jpeg.Length } });
            foreach (var part in jpeg.Chunk(60_000))
            {
                await call.RequestStream.WriteAsync(new OverviewChunk { Data = ByteString.CopyFrom(part) });
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The hub refused before the last byte; its answer is in the response.
        }

        return await call;
    }

    public async Task HeartbeatAsync(params (string Device, string State, string Words)[] devices)
    {
        var request = new HeartbeatRequest { BoxTime = Timestamp.FromDateTimeOffset(time.GetUtcNow()), SoftwareVersion = "0.1.0" };
        request.Devices.AddRange(devices.Select(d => new DeviceState { Device = d.Device, State = d.State, Words = d.Words, Since = request.BoxTime }));
        request.Counters.AddRange([new Counter { Name = "frames", Value = 18_204 }, new Counter { Name = "plates", Value = 4_310 }, new Counter { Name = "reads", Value = 4_102 }, new Counter { Name = "passages", Value = 611 }]);
        await lane.HeartbeatAsync(request, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task<IngestAnswer> SendAsync(IngestMessage message)
    {
        message.Sequence = ++sequence;
        using var call = ingest.Stream(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(message);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(message.Sequence, call.ResponseStream.Current.Sequence);
        return call.ResponseStream.Current;
    }
}
