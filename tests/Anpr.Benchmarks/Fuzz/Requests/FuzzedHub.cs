using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;
using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Proto.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Benchmarks.Fuzz.Requests;

/// <summary>A whole hub in this process, on free ports of loopback, with one enrolled lane and what it has seen.</summary>
internal sealed class FuzzedHub : IAsyncDisposable
{
    private static readonly LaneIdentity Calais = new("calais", "calais-1");
    private static readonly IPEndPoint Free = new(IPAddress.Loopback, 0);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-requests-");
    private readonly string _passage = Guid.CreateVersion7().ToString();

    private FuzzedHub()
    {
    }

    /// <summary>The hub.</summary>
    public WebApplication App { get; private set; } = null!;

    /// <summary>The enrolled lane's certificate.</summary>
    public X509Certificate2 Lane { get; private set; } = null!;

    /// <summary>The ids of what the lane has seen.</summary>
    public List<string> Known { get; } = [];

    /// <summary>Makes and starts it.</summary>
    public static async Task<FuzzedHub> StartAsync()
    {
        var hub = new FuzzedHub();
        var files = new HubFiles(hub._folder.FullName);
        using var authority = HubIdentity.Init(files, [], TimeProvider.System);
        hub.App = HubHost.Build(new HubOptions(files.Path, Free, Free, null, Json: false), HubIdentity.Server(files, authority, TimeProvider.System), TimeProvider.System);
        await hub.App.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = authority.IssueLane(new CertificateRequest("CN=box", key, HashAlgorithmName.SHA256).CreateSigningRequest(), Calais, TimeProvider.System.GetUtcNow());
        await hub.App.Services.GetRequiredService<Lanes>().EnrolledAsync(Calais, issued, "fuzz");
        hub.Lane = X509Certificate2.CreateFromPem(issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        hub.Known.Add(hub._passage);
        foreach (var plate in new[] { "AB12CDE", "XY34ZZZ" })
        {
            await hub.PassAsync(plate);
        }

        return hub;
    }

    /// <summary>A vehicle passes: how long it took until the hub had acknowledged it as stored.</summary>
    /// <exception cref="InvalidOperationException">It was not stored.</exception>
    public async Task<TimeSpan> PassAsync(string plate)
    {
        var now = TimeProvider.System.GetUtcNow().ToTimestamp();
        var sighting = new Sighting
        {
            Id = Guid.CreateVersion7().ToString(),
            Revision = 1,
            PassageId = _passage,
            Stage = Stage.Closed,
            Camera = "front",
            CapturedAt = now,
            DecidedAt = now,
            Text = plate,
            Confidence = 0.97f,
            PatchJpeg = ByteString.CopyFrom(1, 2, 3),
            TimeQuality = new TimeQuality { Source = TimeQuality.Types.Source.BoxClock },
        };
        Known.Add(sighting.Id);
        var began = TimeProvider.System.GetTimestamp();
        var answer = await App.Services.GetRequiredService<Intake>().AcceptAsync(Calais, new IngestMessage { Sighting = sighting });
        return answer.Outcome == Outcome.Stored ? TimeProvider.System.GetElapsedTime(began) : throw new InvalidOperationException($"a sighting was {answer.Outcome}: {answer.Reason}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        Lane.Dispose();
        _folder.Delete(recursive: true);
    }
}
