using Anpr.Edge.LaneAlert;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Uplink;

/// <summary>Keeps the lane's copy of the watchlist in step with the hub's.</summary>
internal sealed partial class WatchlistFollower(WatchlistCopy watchlist, AuditHeads heads, ILogger log)
{
    private readonly Lock _gate = new();
    private bool _askAll;
    private CancellationTokenSource? _stream;
    private (ulong Hub, ulong Held) _behind;

    /// <summary>
    /// Takes the revision that the hub says it has. When the lane is behind it at two beats, with nothing taken in between, the stream
    /// has lost a change and is opened anew. Thread-safe.
    /// </summary>
    public void Compare(ulong hub)
    {
        var held = watchlist.Reached;
        lock (_gate)
        {
            var now = hub > held ? (hub, held) : default;
            if (now != default && now == _behind)
            {
                LogBehind(log, held, hub);
                _stream?.Cancel();
                now = default;
            }

            _behind = now;
        }
    }

    /// <summary>Runs until cancelled, until the stream ends or until it is behind; a delta that cannot be taken ends it.</summary>
    /// <param name="client">The hub.</param>
    /// <param name="applied">Called at each delta that was taken.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task RunAsync(Wire.Lane.LaneClient client, Action applied, CancellationToken cancel)
    {
        using var stream = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        lock (_gate)
        {
            _stream = stream;
        }

        try
        {
            await FollowAsync(client, applied, stream.Token);
        }
        catch (Exception) when (stream.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // Behind the hub: the next run asks again.
        }
        finally
        {
            lock (_gate)
            {
                _stream = null;
            }
        }
    }

    private async Task FollowAsync(Wire.Lane.LaneClient client, Action applied, CancellationToken cancel)
    {
        var held = watchlist.Begin();
        var request = new Wire.FollowWatchlistRequest { HaveRevision = _askAll ? 0 : held };
        using var call = client.FollowWatchlist(request, cancellationToken: cancel);
        while (await call.ResponseStream.MoveNext(cancel))
        {
            var came = call.ResponseStream.Current;
            heads.Take(came.AuditHeads);
            if (came.Delta.IsEmpty && came.AuditHeads.Count > 0)
            {
                continue;
            }

            var taken = watchlist.Apply(came);
            if (taken == DeltaOutcome.Collected)
            {
                continue;
            }

            _askAll = taken == DeltaOutcome.OutOfStep;
            if (taken == DeltaOutcome.Forged)
            {
                LogForged(log);
            }

            if (taken != DeltaOutcome.Applied)
            {
                throw new RpcException(new Status(StatusCode.DataLoss, $"a watchlist delta was refused: {taken}"));
            }

            applied();
            LogRevision(log, watchlist.Revision, watchlist.Count);
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "the hub ended the watchlist stream"));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Security: a watchlist delta is not signed by the hub's watchlist key and was not applied")]
    private static partial void LogForged(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watchlist is at revision {Held} and the hub's at {Hub}; it is asked for again")]
    private static partial void LogBehind(ILogger log, ulong held, ulong hub);

    [LoggerMessage(Level = LogLevel.Information, Message = "Watchlist at revision {Revision}, {Count} entries")]
    private static partial void LogRevision(ILogger log, ulong revision, int count);
}
