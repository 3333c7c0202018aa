using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Bookings;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Anpr.Hub.Fleet;

/// <summary>What lane boxes ask of their hub. Lane and port come from the client certificate.</summary>
[Authorize(Policies.Lane)]
internal sealed class LaneService(
    FleetBoard fleet, WatchlistBook watchlist, DeltaSigner signer, BookingSigner bookings, HeadKeeper heads, HubFeed feed, IStore store, IHostApplicationLifetime lifetime, TimeProvider time)
    : Lane.LaneBase
{
    /// <inheritdoc/>
    public override async Task<HeartbeatAnswer> Heartbeat(HeartbeatRequest request, ServerCallContext context)
    {
        var lane = LaneIdentity.Of(context);
        if (HeartbeatCheck.Fault(request) is { } fault)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, fault));
        }

        try
        {
            await fleet.HeardAsync(lane, request);
        }
        catch (StoreFailedException failed)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, failed.Message));
        }

        return new HeartbeatAnswer
        {
            HubTime = time.GetUtcNow().ToTimestamp(),
            WatchlistRevision = watchlist.LaneRevision(lane.Port),
            ConfigurationRevision = store.Get(LaneConfiguration.Table, lane.ToString())?.Revision ?? 0,
        };
    }

    /// <inheritdoc/>
    public override async Task FollowWatchlist(
        FollowWatchlistRequest request, IServerStreamWriter<SignedWatchlistDelta> responseStream, ServerCallContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        using var subscription = feed.Subscribe(typeof(WatchlistEvent), typeof(AuditHeadEvent)); // before the first look, so that no change falls between
        var (have, port) = (request.HaveRevision, LaneIdentity.Of(context).Port);
        var told = new Dictionary<string, long>(StringComparer.Ordinal);
        await context.WriteResponseHeadersAsync([]); // the lane knows that it follows, though there may be nothing to tell
        try
        {
            do
            {
                while (signer.Since(have, port) is { } signed)
                {
                    await responseStream.WriteAsync(signed, stop.Token);
                    have = WatchlistDelta.Parser.ParseFrom(signed.Delta).ToRevision;
                }

                var news = heads.Newest().Where(h => told.GetValueOrDefault(h.Replica) != h.Number).ToList();
                if (news.Count > 0)
                {
                    await responseStream.WriteAsync(new SignedWatchlistDelta { AuditHeads = { news.Select(h => h.Signed) } }, stop.Token);
                    news.ForEach(h => told[h.Replica] = h.Number);
                }
            }
            while (await NextChangeAsync(subscription, stop.Token));
        }
        catch (OperationCanceledException)
        {
            // the lane has gone, or the hub stops: both are the end of a stream that otherwise has none
        }
    }

    /// <inheritdoc/>
    public override async Task FollowBookings(FollowBookingsRequest request, IServerStreamWriter<SignedBookings> responseStream, ServerCallContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        using var subscription = feed.Subscribe(typeof(BookingsEvent)); // before the first look, so that no change falls between
        Proto.V1.Bookings? told = null;
        try
        {
            while (true)
            {
                var all = bookings.Current();
                if (!all.Equals(told))
                {
                    await responseStream.WriteAsync(bookings.Sign(all), stop.Token);
                    told = all;
                }

                await bookings.NextAsync(subscription, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // the lane has gone, or the hub stops
        }
    }

    /// <inheritdoc/>
    public override Task<Configuration> GetConfiguration(GetConfigurationRequest request, ServerCallContext context)
    {
        var lane = LaneIdentity.Of(context);
        var kept = store.Get(LaneConfiguration.Table, lane.ToString())
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"the hub keeps no configuration for {lane}; the lane's own file counts"));
        return Task.FromResult(new Configuration { Revision = kept.Revision, Json = kept.Json });
    }

    private static async Task<bool> NextChangeAsync(HubSubscription subscription, CancellationToken cancellation)
    {
        await foreach (var happened in subscription.ReadAllAsync(cancellation))
        {
            if (happened is WatchlistEvent or AuditHeadEvent or MissedEvent)
            {
                return true;
            }
        }

        return false;
    }
}
