using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Proto.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge.Tests.Hub;

/// <summary>A hub that speaks the wire over real TLS on a free port and remembers what it was told.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestHub(WebApplication app, HubMemory memory)
    {
        _app = app;
        Memory = memory;
        Address = new Uri($"https://localhost:{new Uri(app.Urls.Single()).Port}");
    }

    public HubMemory Memory { get; }

    public Uri Address { get; }

    public static async Task<TestHub> StartAsync(TestAuthority authority, HubMemory? memory = null, X509Certificate2? server = null, int port = 0)
    {
        memory ??= new HubMemory();
        memory.Authority = authority;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(memory);
        builder.WebHost.UseKestrelHttpsConfiguration();
        var certificate = server ?? authority.Server();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.ClientCertificateValidation = (client, _, _) => Issued(client, authority);
        })));
        var app = builder.Build();
        app.MapGrpcService<IngestService>();
        app.MapGrpcService<LaneService>();
        app.MapGrpcService<EnrolmentService>();
        app.MapGet("/authority.pem", () => memory.Authority!.Certificate.ExportCertificatePem());
        await app.StartAsync();
        return new TestHub(app, memory);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static bool Issued(X509Certificate2 client, TestAuthority authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(client);
    }

    internal static string LaneOf(ServerCallContext context) =>
        context.GetHttpContext().Connection.ClientCertificate is { } certificate
            ? certificate.Subject["CN=".Length..]
            : throw new RpcException(new Status(StatusCode.Unauthenticated, "no lane certificate"));
}

/// <summary>What a <see cref="TestHub"/> was told, and how it answers. Survives the hub, as a store does.</summary>
internal sealed class HubMemory
{
    private readonly ConcurrentDictionary<(string Id, uint Revision), ByteString> _stored = new();

    public TestAuthority? Authority { get; set; }

    /// <summary>Every message in the order of arrival, duplicates too.</summary>
    public ConcurrentQueue<(string Lane, IngestMessage Message)> Arrived { get; } = new();

    public ConcurrentQueue<(OverviewKey Key, byte[] Jpeg)> Overviews { get; } = new();

    /// <summary>Overviews that are refused by their key, without waiting for their bytes.</summary>
    public Func<OverviewKey, bool> RefuseOverview { get; set; } = _ => false;

    public ConcurrentQueue<HeartbeatRequest> Heartbeats { get; } = new();

    public System.Threading.Channels.Channel<SignedWatchlistDelta> Deltas { get; } = System.Threading.Channels.Channel.CreateUnbounded<SignedWatchlistDelta>();

    public ConcurrentQueue<ulong> FollowedFrom { get; } = new();

    /// <summary>What heartbeats are told of the watchlist.</summary>
    public ulong WatchlistRevision { get; set; }

    /// <summary>Overrides the answer to a message; null: as a hub does; an answer without outcome is not sent.</summary>
    public Func<IngestMessage, IngestAnswer?> Answer { get; set; } = _ => null;

    /// <summary>Told of each arrival, before it is answered.</summary>
    public Func<IngestMessage, Task> OnMessage { get; set; } = _ => Task.CompletedTask;

    public HashSet<string> Tokens { get; } = [];

    public DateTimeOffset Time { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The (id, revision) that are stored, each once.</summary>
    public IReadOnlyCollection<(string Id, uint Revision)> Keys => _stored.Keys.ToList();

    public IngestMessage Stored(string id, uint revision) => IngestMessage.Parser.ParseFrom(_stored[(id, revision)]);

    public IngestAnswer Take(IngestMessage message)
    {
        var bare = message.Clone();
        bare.Sequence = 0;
        var bytes = bare.ToByteString();
        var key = message.Sighting is { } s ? (s.Id, s.Revision) : (message.Passage.Id, message.Passage.Revision);
        var outcome = _stored.TryAdd(key, bytes)
            ? IngestAnswer.Types.Outcome.Stored
            : _stored[key] == bytes ? IngestAnswer.Types.Outcome.Duplicate : IngestAnswer.Types.Outcome.Refused;
        return new IngestAnswer { Outcome = outcome };
    }

    public SignedWatchlistDelta Sign(WatchlistDelta delta)
    {
        var bytes = delta.ToByteArray();
        return new SignedWatchlistDelta
        {
            Delta = ByteString.CopyFrom(bytes),
            Signature = ByteString.CopyFrom(Authority!.WatchlistKey.SignData(bytes, HashAlgorithmName.SHA256)),
        };
    }
}

internal sealed class IngestService(HubMemory memory) : Ingest.IngestBase
{
    public override async Task Stream(IAsyncStreamReader<IngestMessage> requestStream, IServerStreamWriter<IngestAnswer> responseStream, ServerCallContext context)
    {
        var lane = TestHub.LaneOf(context);
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var message = requestStream.Current;
            memory.Arrived.Enqueue((lane, message));
            await memory.OnMessage(message);
            var answer = memory.Answer(message) ?? memory.Take(message);
            if (answer.Outcome != IngestAnswer.Types.Outcome.Unspecified)
            {
                answer.Sequence = message.Sequence;
                await responseStream.WriteAsync(answer, context.CancellationToken);
            }
        }
    }

    public override async Task<OverviewAnswer> UploadOverview(IAsyncStreamReader<OverviewChunk> requestStream, ServerCallContext context)
    {
        _ = TestHub.LaneOf(context);
        OverviewKey? key = null;
        var bytes = new List<byte>();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            key ??= requestStream.Current.Key;
            if (memory.RefuseOverview(key))
            {
                return new OverviewAnswer { Outcome = OverviewAnswer.Types.Outcome.Refused, Reason = "not wanted" };
            }

            bytes.AddRange(requestStream.Current.Data);
        }

        var sighting = memory.Keys.Contains((key!.SightingId, key.Revision)) ? memory.Stored(key.SightingId, key.Revision).Sighting : null;
        if (sighting?.OverviewSha256 != key.Sha256)
        {
            return new OverviewAnswer { Outcome = OverviewAnswer.Types.Outcome.Refused, Reason = "no such sighting revision" };
        }

        memory.Overviews.Enqueue((key, [.. bytes]));
        return new OverviewAnswer { Outcome = OverviewAnswer.Types.Outcome.Stored };
    }
}

internal sealed class LaneService(HubMemory memory) : Lane.LaneBase
{
    public override Task<HeartbeatAnswer> Heartbeat(HeartbeatRequest request, ServerCallContext context)
    {
        _ = TestHub.LaneOf(context);
        memory.Heartbeats.Enqueue(request);
        return Task.FromResult(new HeartbeatAnswer { HubTime = Timestamp.FromDateTimeOffset(memory.Time), WatchlistRevision = memory.WatchlistRevision });
    }

    public override async Task FollowWatchlist(FollowWatchlistRequest request, IServerStreamWriter<SignedWatchlistDelta> responseStream, ServerCallContext context)
    {
        _ = TestHub.LaneOf(context);
        memory.FollowedFrom.Enqueue(request.HaveRevision);
        await foreach (var delta in memory.Deltas.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(delta, context.CancellationToken);
        }
    }
}

internal sealed class EnrolmentService(HubMemory memory) : Enrolment.EnrolmentBase
{
    public override Task<EnrolAnswer> Enrol(EnrolRequest request, ServerCallContext context)
    {
        if (!memory.Tokens.Remove(request.Token))
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, "the token is spent"));
        }

        using var certificate = memory.Authority!.Sign(request.CsrDer.ToByteArray(), "calais", "calais-1");
        return Task.FromResult(new EnrolAnswer
        {
            CertificatePem = certificate.ExportCertificatePem(),
            AuthorityPem = memory.Authority.Certificate.ExportCertificatePem(),
            Port = "calais",
            Lane = "calais-1",
            WatchlistKey = ByteString.CopyFrom(memory.Authority.WatchlistKey.ExportSubjectPublicKeyInfo()),
        });
    }
}
