using System.Globalization;
using Anpr.Edge.Uplink;
using Anpr.Proto.V1;
using Grpc.Core;

namespace Anpr.Edge.Ops;

/// <summary>Whether the hub can be reached, takes this lane's certificate, and has the same time.</summary>
internal sealed class HubCheck(LaneIdentity identity, UplinkOptions options, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>One or two findings for each hub.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancel)
    {
        var findings = new List<Finding>();
        foreach (var hub in options.Hubs(identity.Hubs))
        {
            findings.AddRange(await AskAsync(hub, cancel));
        }

        return findings;
    }

    private async Task<IReadOnlyList<Finding>> AskAsync(Uri hub, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        using var channel = HubChannel.Open(hub, identity.Authority, identity.Certificate);
        using var call = new Lane.LaneClient(channel).GetConfigurationAsync(new GetConfigurationRequest(), cancellationToken: patience.Token);
        try
        {
            await call;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.Unimplemented)
        {
            // It took the certificate and keeps no configuration for this lane.
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested)
        {
            return [new Finding(Verdict.Error, "hub", $"{hub.Authority}: {HubFault.Words(e)}")];
        }

        var reached = new Finding(Verdict.OK, "hub", $"{hub.Authority} takes this lane's certificate");
        return await HubTimeAsync(call) is { } hubTime ? [reached, Clock(hubTime, time.GetUtcNow())] : [reached];
    }

    /// <summary>Compares clocks; the hub's comes in whole seconds.</summary>
    internal static Finding Clock(DateTimeOffset hub, DateTimeOffset box)
    {
        var off = box - hub;
        var words = string.Create(CultureInfo.InvariantCulture, $"box minus hub: {off.TotalSeconds:0} s");
        return off > TimeSpan.FromSeconds(3) || off < TimeSpan.FromSeconds(-2)
            ? new Finding(Verdict.Error, "hub clock", $"{words}. Set NTP or PTP on the box, then on the hub.")
            : new Finding(Verdict.OK, "hub clock", words);
    }

    /// <summary>The Date header of the answer.</summary>
    private static async Task<DateTimeOffset?> HubTimeAsync(AsyncUnaryCall<Configuration> call)
    {
        var headers = await call.ResponseHeadersAsync;
        return DateTimeOffset.TryParse(headers.GetValue("date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
    }
}
