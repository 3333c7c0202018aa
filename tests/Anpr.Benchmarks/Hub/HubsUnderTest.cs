using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Simulation.Processes;
using Grpc.Net.Client;

namespace Anpr.Benchmarks.Hub;

/// <summary>One or several hubs as programs of their own over one store, with enrolled lanes.</summary>
internal sealed class HubsUnderTest : IAsyncDisposable
{
    private readonly List<Child> _hubs = [];
    private readonly List<Uri> _grpc = [];
    private readonly Dictionary<LaneIdentity, X509Certificate2> _lanes = [];
    private readonly byte[] _server;
    private readonly string _key;
    private string _folder = "";

    private HubsUnderTest(byte[] server, string key)
    {
        _server = server;
        _key = key;
    }

    /// <summary>Makes the first hub's folder, with enrolled lanes and a program that asks.</summary>
    /// <param name="lanes">Lanes to enrol.</param>
    /// <param name="store">Connection string of PostgreSQL; null for the embedded store.</param>
    public static async Task<HubsUnderTest> MakeAsync(IEnumerable<LaneIdentity> lanes, string? store)
    {
        var folder = Directory.CreateTempSubdirectory("anpr-bench-").FullName;
        var files = new HubFiles(Path.Combine(folder, "hub0"));
        using var authority = HubIdentity.Init(files, [], TimeProvider.System);
        using var server = HubIdentity.Server(files, authority, TimeProvider.System);
        await using var closed = ClosedHub.Open(files, store);
        using var access = new AccessStore(closed.Store, TimeProvider.System);
        var key = await new ApiKeys(access, TimeProvider.System).AddAsync("bench", Policies.Scopes, ApiKeys.Usual);
        var made = new HubsUnderTest(server.RawData, key) { _folder = folder };
        var enrolled = new Lanes(access);
        foreach (var lane in lanes)
        {
            using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var issued = authority.IssueLane(new CertificateRequest("CN=box", pair, HashAlgorithmName.SHA256).CreateSigningRequest(), lane, TimeProvider.System.GetUtcNow());
            await enrolled.EnrolledAsync(lane, issued, "bench");
            made._lanes[lane] = X509Certificate2.CreateFromPem(issued.ExportCertificatePem(), pair.ExportPkcs8PrivateKeyPem());
        }

        return made;
    }

    /// <summary>Where browsers and the API connect, of the first hub.</summary>
    public Uri Console { get; private set; } = null!;

    /// <summary>The data folder of a hub.</summary>
    public string Data(int hub) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"hub{hub}"));

    /// <summary>Starts them; all but the first have a copy of its folder.</summary>
    public async Task StartAsync(int count, string? store)
    {
        for (var i = 1; i < count; i++)
        {
            Directory.CreateDirectory(Data(i));
            foreach (var file in Directory.GetFiles(Data(0)))
            {
                File.Copy(file, Path.Combine(Data(i), Path.GetFileName(file)));
            }
        }

        for (var i = 0; i < count; i++)
        {
            string[] arguments = ["run", "--data", Data(i), "--grpc", "127.0.0.1:0", "--console", "127.0.0.1:0", "--json"];
            var hub = Child.Start($"hub {i}", _folder, new Programs().Hub, store is null ? arguments : [.. arguments, "--store", store]);
            _hubs.Add(hub);
            var ready = JsonDocument.Parse(await hub.Lines.ReadAsync()).RootElement;
            _grpc.Add(new Uri(ready.GetProperty("grpc").GetString()!));
            Console = i == 0 ? new Uri(ready.GetProperty("console").GetString()!) : Console;
            _ = DrainAsync(hub);
        }
    }

    /// <summary>A lane's connection to one of the hubs.</summary>
    public GrpcChannel Channel(LaneIdentity lane, int hub) => GrpcChannel.ForAddress(_grpc[hub % _grpc.Count], new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [_lanes[lane]],
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetRawCertData().AsSpan().SequenceEqual(_server),
            },
        },
    });

    /// <summary>A program with a key of its own at the first hub.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 1000 }) { BaseAddress = Console };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        return client;
    }

    /// <summary>CPU time of all hubs so far.</summary>
    public TimeSpan CpuTime => TimeSpan.FromTicks(_hubs.Sum(h => Of(h.Id).TotalProcessorTime.Ticks));

    /// <summary>Memory of the largest hub, resident, MB.</summary>
    public long Megabytes => _hubs.Max(h => Of(h.Id).WorkingSet64) >> 20;

    public async ValueTask DisposeAsync()
    {
        foreach (var hub in _hubs)
        {
            await hub.StopAsync();
            await hub.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static Process Of(int id) => Process.GetProcessById(id);

    private static async Task DrainAsync(Child hub)
    {
        await foreach (var _ in hub.Lines.ReadAllAsync())
        {
            // its events; nobody looks at them
        }
    }
}
