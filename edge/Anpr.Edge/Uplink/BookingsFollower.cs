using Anpr.Edge.Sense;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Uplink;

/// <summary>Keeps the lane's copy of the bookings in step with the hub's.</summary>
internal sealed partial class BookingsFollower(Wire.Lane.LaneClient client, BookingsCopy bookings, ILogger log)
{
    /// <summary>Runs until cancelled or until the stream ends. A hub that knows no bookings is left in peace until the lane starts again.</summary>
    /// <param name="applied">Called at each copy that was taken.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task RunAsync(Action applied, CancellationToken cancel)
    {
        using var call = client.FollowBookings(new Wire.FollowBookingsRequest(), cancellationToken: cancel);
        try
        {
            while (await call.ResponseStream.MoveNext(cancel))
            {
                var outcome = bookings.Apply(call.ResponseStream.Current);
                if (outcome == BookingsOutcome.Forged)
                {
                    LogForged(log);
                    throw new RpcException(new Status(StatusCode.DataLoss, "bookings were refused: not signed by the hub"));
                }

                if (outcome == BookingsOutcome.Older)
                {
                    LogOlder(log); // the hub will send newer ones on this stream
                }

                applied();
                LogTaken(log, bookings.Count);
            }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "the hub ended the stream of bookings"));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Security: bookings are not signed by the hub's key and were not applied")]
    private static partial void LogForged(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Bookings are older than those that are held and were passed over")]
    private static partial void LogOlder(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Bookings of {Plates} plates")]
    private static partial void LogTaken(ILogger log, int plates);
}
