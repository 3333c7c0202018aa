using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Tests.Faults;

/// <summary>A lane comes back after a day without network: all that it kept comes at once, is cut off, and comes again. On each store.</summary>
public abstract class BacklogContract : IAsyncLifetime
{
    private const int Passages = 150;
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private RunningHub hub = null!;

    private protected abstract string? Connection { get; }

    private IStore Store => hub.Get<IStore>();

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync(time, Connection);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task DayOfOneLane_CutOffAndSentAgainInAnyOrder_IsStoredOnceUnalteredAndAlertsStillCome()
    {
        var random = new Random(20261128);
        using var certificate = await hub.EnrolAsync("calais", "calais-1");
        var (lane, other) = (new LaneClient(hub.Channel(certificate), time), await LaneClient.EnrolAsync(hub, "dunkerque", "dunkerque-1", time));
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("LL11LLL", ListedKind.Exact, 1, "stop", "OP:1", "olive", time.GetUtcNow().AddDays(1)));
        await RefuseAsync(other, "RR22RRR", time.GetUtcNow() - (Day / 2));
        var messages = Enumerable.Range(0, Passages).SelectMany(i => PassageOf(lane, i)).ToList();
        var answered = new Dictionary<ulong, Outcome>();

        await SendAsync(certificate, [.. messages], answered, cutAfter: messages.Count / 3);
        Assert.InRange(answered.Count, 1, messages.Count - 1);
        var before = answered.Keys.ToHashSet();
        var again = messages.ToArray();
        random.Shuffle(again); // those that were answered too, and a vehicle's last word before its first
        await SendAsync(certificate, again, answered, cutAfter: int.MaxValue);

        Assert.Equal(messages.Count, answered.Count);
        Assert.All(before, sequence => Assert.Equal(Outcome.Duplicate, answered[sequence]));
        var stored = Store.All(StoredSighting.Table).Where(s => s.Port == "calais").ToDictionary(s => s.Id);
        var last = messages.Where(m => m.Sighting?.Revision == 2).Select(m => m.Sighting).ToList();
        Assert.Equal(Passages, stored.Count);
        Assert.All(last, s => Assert.Equal((s.Text, 2u, s.CapturedAt, true), stored[s.Id] is var got ? (got.Text, got.Message.Revision, got.Message.CapturedAt, got.Late) : default));
        Assert.Equal(messages.Count, Store.All(RevisionRecord.Table).Count(r => r.Port == "calais"));
        Assert.Equal(Passages, Store.All(StoredPassage.Table).Count(p => p.Port == "calais" && p.Message.Stage == Stage.Closed));
        Assert.All(Store.All(Vehicle.Table), v => Assert.Equal(v.Sightings, Store.Prefix(StoredSighting.ByVehicle, v.Id + "|", 1000).Count));
        var alerts = Store.All(Alert.Table).Where(a => a.Port == "calais").ToList();
        Assert.Single(alerts, a => a is { Cause: AlertCause.Watchlist, Text: "LL11LLL" });
        Assert.Single(alerts, a => a is { Cause: AlertCause.Return, Text: "RR22RRR" });
    }

    // A vehicle each few minutes of the day: two revisions of its plate, and its passage.
    private IEnumerable<IngestMessage> PassageOf(LaneClient lane, int number)
    {
        var at = time.GetUtcNow() - Day + (Day / Passages * number);
        var text = number switch { Passages / 3 => "LL11LLL", Passages * 3 / 4 => "RR22RRR", _ => $"{(char)('A' + (number % 26))}{number:D3}{(char)('Z' - (number / 7 % 26))}{number * 37 % 100:D2}X" };
        var passage = Guid.CreateVersion7(at).ToString();
        var first = lane.Sighting(text, passage, [1, (byte)number], [], at: at);
        var second = first.Clone();
        (second.Revision, second.Stage) = (2, Stage.Closed);
        var sequence = (ulong)(number * 3) + 1;
        return
        [
            new IngestMessage { Sequence = sequence, Sighting = first },
            new IngestMessage { Sequence = sequence + 1, Sighting = second },
            new IngestMessage { Sequence = sequence + 2, Passage = lane.Passage(passage, [first.Id], at) },
        ];
    }

    private async Task RefuseAsync(LaneClient lane, string text, DateTimeOffset at)
    {
        var passage = Guid.CreateVersion7(at).ToString();
        var sighting = lane.Sighting(text, passage, [1], [], at: at);
        await lane.SendAsync(sighting);
        await lane.SendAsync(lane.Passage(passage, [sighting.Id], at));
        await hub.Get<PassageBook>().RecordAsync(new Disposition { PassageId = passage, Outcome = Disposition.Types.Outcome.Refused, Officer = "olive", At = at.AddMinutes(5).ToTimestamp() });
    }

    private async Task SendAsync(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate, IngestMessage[] messages, Dictionary<ulong, Outcome> answered, int cutAfter)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var channel = EnrolledLane.Channel(hub.Grpc, certificate);
        using var call = new Proto.V1.Ingest.IngestClient(channel).Stream(cancellationToken: cut.Token);
        var sending = Task.Run(
            async () =>
            {
                foreach (var message in messages)
                {
                    await call.RequestStream.WriteAsync(message, cut.Token);
                }

                await call.RequestStream.CompleteAsync();
            },
            cut.Token);
        try
        {
            var count = 0;
            await foreach (var answer in call.ResponseStream.ReadAllAsync(cut.Token))
            {
                answered[answer.Sequence] = answer.Outcome;
                if (++count == cutAfter)
                {
                    await cut.CancelAsync();
                }
            }

            await sending;
        }
        catch (Exception error) when (error is RpcException or OperationCanceledException && cutAfter != int.MaxValue)
        {
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the network is gone
        }
    }
}

/// <summary>The embedded store.</summary>
public sealed class LiteBacklogTests : BacklogContract
{
    private protected override string? Connection => null;
}

/// <summary>PostgreSQL.</summary>
public sealed class PostgresBacklogTests(PostgresFixture postgres) : BacklogContract, IClassFixture<PostgresFixture>
{
    private protected override string? Connection { get; } = postgres.Server.NewDatabase();
}
