using Anpr.Edge.LaneAlert;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Uplink;

/// <summary>Keeps the lane's copy of the watchlist in step with the hub's.</summary>
internal sealed partial class WatchlistFollower(Wire.Lane.LaneClient client, WatchlistCopy watchlist, ILogger log)
{
    private bool _askAll;

    /// <summary>Runs until cancelled or until the stream ends; a delta that cannot be taken ends it.</summary>
    /// <param name="applied">Called at each delta that was taken.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task RunAsync(Action applied, CancellationToken cancel)
    {
        var request = new Wire.FollowWatchlistRequest { HaveRevision = _askAll ? 0 : watchlist.Revision };
        using var call = client.FollowWatchlist(request, cancellationToken: cancel);
        while (await call.ResponseStream.MoveNext(cancel))
        {
            var taken = watchlist.Apply(call.ResponseStream.Current);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Watchlist at revision {Revision}, {Count} entries")]
    private static partial void LogRevision(ILogger log, ulong revision, int count);
}
