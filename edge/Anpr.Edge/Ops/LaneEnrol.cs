using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Edge.Uplink;
using Anpr.Proto;
using Anpr.Proto.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Anpr.Edge.Ops;

/// <summary><c>anpr lane enrol</c>: spends a one-time token for a certificate of the lane's own. The private key never leaves the box.</summary>
internal static class LaneEnrol
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Enrols and keeps the identity.</summary>
    /// <returns>Port, lane and the certificate's end.</returns>
    /// <exception cref="UserError">Anything that keeps it from happening, with the cure.</exception>
    public static async Task<(string Port, string Lane, DateTimeOffset Until)> RunAsync(string data, string tokenText, bool force, CancellationToken cancel)
    {
        if (!EnrolmentToken.TryParse(tokenText, out var token))
        {
            throw new UserError("--token is no enrolment token. Copy the whole text that `./anpr hub token` prints, without line breaks.");
        }

        if (LaneIdentity.Exists(data) && !force)
        {
            throw new UserError($"{data} is enrolled already. Add --force to give up that identity and take a new one.");
        }

        var hubs = HubsOf(token);
        var hub = hubs[0];
        using var taken = Prepare(data);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        using var authority = await FetchAuthorityAsync(hub, token, patience.Token);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var answer = await AskAsync(hub, authority, key, tokenText, patience.Token);
        using var certificate = Verify(answer, authority, key);
        try
        {
            LaneIdentity.Save(data, answer.Port, answer.Lane, hubs, answer.CertificatePem, key, authority.ExportCertificatePem(), answer.WatchlistKey.ToByteArray());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the identity cannot be written: {e.Message.TrimEnd('.')}. Mend that, then enrol with a new token: this one is spent.", e);
        }

        return (answer.Port, answer.Lane, new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
    }

    private static IReadOnlyList<Uri> HubsOf(EnrolmentToken token)
    {
        var host = token.Host.Contains(':', StringComparison.Ordinal) ? $"[{token.Host.Trim('[', ']')}]" : token.Host;
        return [.. token.Others.Prepend($"{host}:{token.Port}").Select(at => Uri.TryCreate($"https://{at}", UriKind.Absolute, out var hub) && HubAddressesAttribute.IsHub(hub)
            ? hub
            : throw new UserError($"--token names the hub '{at}', which is no host. Ask for a token made with `./anpr hub token --address HOST:PORT`."))];
    }

    /// <summary>The data folder, made if need be, locked, and tried for writing.</summary>
    private static DataLock Prepare(string data)
    {
        DataLock? taken = null;
        try
        {
            Directory.CreateDirectory(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            taken = DataLock.Take(data);
            LaneIdentity.Prepare(data);
            return taken;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            taken?.Dispose();
            throw new UserError($"--data {data} cannot be used: {e.Message.TrimEnd('.')}. Name a folder that this user may make and write; the token is not spent.", e);
        }
    }

    /// <summary>Pins the authority before anything secret is sent: what this connection gives is believed only if its hash is the token's.</summary>
    private static async Task<X509Certificate2> FetchAuthorityAsync(Uri hub, EnrolmentToken token, CancellationToken cancel)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
#pragma warning disable CA5359, MA0039 // Nothing is trusted yet: the answer is compared with the token's fingerprint.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359, MA0039
        using var http = new HttpClient(handler);
        X509Certificate2 authority;
        try
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub, "/authority.pem")) { Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
            using var response = await http.SendAsync(request, cancel);
            response.EnsureSuccessStatusCode();
            authority = X509Certificate2.CreateFromPem(await response.Content.ReadAsStringAsync(cancel));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw new UserError($"the hub at {hub.Authority} cannot be reached: {e.GetBaseException().Message} Check the network and that `./anpr hub run` runs there; the token is not spent.", e);
        }
        catch (OperationCanceledException e)
        {
            throw new UserError($"the hub at {hub.Authority} does not answer. Check the network and that `./anpr hub run` runs there; the token is not spent.", e);
        }
        catch (CryptographicException e)
        {
            throw new UserError($"what answers at {hub.Authority} is no hub. Check the address in `./anpr hub token --address`; the token is not spent.", e);
        }

        if (Convert.ToHexStringLower(SHA256.HashData(authority.RawData)) != token.Authority)
        {
            authority.Dispose();
            throw new UserError($"the hub at {hub.Authority} is not the one that made this token: its authority is another. The token was not sent. Ask for a token of the hub that runs there, or check who answers at that address.");
        }

        return authority;
    }

    private static async Task<EnrolAnswer> AskAsync(Uri hub, X509Certificate2 authority, ECDsa key, string token, CancellationToken cancel)
    {
        var csr = new CertificateRequest("CN=lane", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        using var channel = HubChannel.Open(hub, authority, lane: null);
        try
        {
            return await new Enrolment.EnrolmentClient(channel).EnrolAsync(
                new EnrolRequest { Token = token.Trim(), CsrDer = ByteString.CopyFrom(csr), Box = Environment.MachineName },
                cancellationToken: cancel);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.PermissionDenied)
        {
            throw new UserError($"the hub refuses the token: {e.Status.Detail}", e);
        }
        catch (RpcException e)
        {
            throw new UserError(HubFault.Words(e), e);
        }
    }

    private static X509Certificate2 Verify(EnrolAnswer answer, X509Certificate2 authority, ECDsa key)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(answer.CertificatePem);
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            // The box's clock may be wrong before it is set up: an untimely certificate is the check's matter, not this one's.
            chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
            using var watchlist = ECDsa.Create();
            watchlist.ImportSubjectPublicKeyInfo(answer.WatchlistKey.Span, out _);
            var ours = certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());
            if (chain.Build(certificate) && ours && answer.Port.Length > 0 && answer.Lane.Length > 0)
            {
                return certificate;
            }
        }
        catch (CryptographicException)
        {
            // Said below.
        }

        throw new UserError("the hub's answer is no certificate for this box. Look into the hub's log, then ask for a new token.");
    }
}
