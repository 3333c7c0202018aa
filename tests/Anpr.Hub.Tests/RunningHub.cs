using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Proto.V1;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Anpr.Hub.Tests;

/// <summary>A whole hub in this process, on free ports, with its own authority: what a lane, a browser and an administrator see.</summary>
internal sealed class RunningHub : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<IDisposable> owned = [];
    private X509Certificate2 server = null!;

    public WebApplication App { get; private set; } = null!;

    public HubFiles Files => new(folder.Path);

    /// <summary>https://127.0.0.1:port</summary>
    public Uri Grpc { get; private set; } = null!;

    /// <summary>http://127.0.0.1:port</summary>
    public Uri Console { get; private set; } = null!;

    /// <summary>http://127.0.0.1:port, HTTP/2 only.</summary>
    public Uri Programs { get; private set; } = null!;

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public static async Task<RunningHub> StartAsync(TimeProvider? time = null, string? store = null, RunningHub? joins = null, Action<HubFiles>? prepare = null, bool tls = false)
    {
        var hub = new RunningHub();
        var clock = time ?? TimeProvider.System;
        using var authority = joins is null ? HubIdentity.Init(hub.Files, [], clock) : HubIdentity.Join(hub.Files, joins.Files, [], clock);
        prepare?.Invoke(hub.Files);
        hub.server = HubIdentity.Server(hub.Files, authority, clock);
        hub.App = HubHost.Build(new HubOptions(hub.folder.Path, new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, 0), store, Json: false)
        {
            ConsoleTls = tls,
            Programs = new IPEndPoint(IPAddress.Loopback, 0),
        }, hub.server, clock);
        await hub.App.StartAsync(TestContext.Current.CancellationToken);
        var addresses = hub.Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        (hub.Grpc, hub.Console, hub.Programs) = (new Uri(addresses.ElementAt(0)), new Uri(addresses.ElementAt(1)), new Uri(addresses.ElementAt(2)));
        return hub;
    }

    /// <summary>A channel to the lanes' door that trusts this hub only; with a client certificate when one is given.</summary>
    public GrpcChannel Channel(X509Certificate2? lane = null) => Channel(Grpc, lane);

    /// <summary>The same to another of the hub's addresses.</summary>
    public GrpcChannel Channel(Uri address, X509Certificate2? lane = null)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = lane is null ? null : [lane],
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetRawCertData().AsSpan().SequenceEqual(server.RawData),
            },
        };
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        owned.Add(channel);
        return channel;
    }

    /// <summary>Enrols a lane with a token, as a lane box does.</summary>
    public async Task<X509Certificate2> EnrolAsync(string port, string lane)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var answer = await new Enrolment.EnrolmentClient(Channel()).EnrolAsync(
            new EnrolRequest { Token = await Get<Lanes>().NewTokenAsync(port, lane), CsrDer = ByteString.CopyFrom(Csr(key)), Box = "test-box" },
            cancellationToken: TestContext.Current.CancellationToken);
        return WithKey(answer.CertificatePem, key);
    }

    /// <summary>A browser-like client that is signed in with this role.</summary>
    public Task<HttpClient> SignInAsync(Role role) => SignInAsync(role.ToString().ToLowerInvariant(), role);

    /// <summary>The same for somebody by name.</summary>
    public async Task<HttpClient> SignInAsync(string name, Role role)
    {
        var users = Get<Users>();
        if (users.Find(name) is null)
        {
            await users.AddAsync(name, role);
        }

        var client = Browser();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("code", await users.NewLinkAsync(name))]);
        using var answer = await client.PostAsync(new Uri("/sign-in", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return client;
    }

    /// <summary>A client with a cookie jar that follows no redirects; not signed in.</summary>
    public HttpClient Browser()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Console };
        owned.Add(client);
        return client;
    }

    public static byte[] Csr(AsymmetricAlgorithm key, string subject = "CN=box") => key switch
    {
        ECDsa ec => new CertificateRequest(subject, ec, HashAlgorithmName.SHA256).CreateSigningRequest(),
        RSA rsa => new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest(),
        _ => throw new ArgumentException("unknown key", nameof(key)),
    };

    public static X509Certificate2 WithKey(string certificatePem, ECDsa key) =>
        X509Certificate2.CreateFromPem(certificatePem, key.ExportPkcs8PrivateKeyPem());

    public async ValueTask DisposeAsync()
    {
        owned.ForEach(o => o.Dispose());
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        server.Dispose();
        folder.Dispose();
    }
}
