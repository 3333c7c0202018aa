using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Ops;

/// <summary>The hub's features in the order in which a sighting meets them: Ingest, Link, Assess, Alerts; Storage below.</summary>
internal static class HubFeatures
{
    public static IServiceCollection AddFeatures(this IServiceCollection services, HubOptions options)
    {
        services.AddSingleton<IStore>(_ => LiteStore.Open(options.Data));
        services.AddSingleton<Intake>();
        services.AddSingleton<OverviewIntake>();
        services.AddOptions<Link.LinkOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Linker>();
        services.AddSingleton<Assessor>();
        services.AddSingleton<HubFeed>();
        services.AddSingleton<AlertDesk>();
        services.AddSingleton<WatchlistBook>();
        services.AddSingleton<DeltaSigner>();
        services.AddSingleton<FleetBoard>();
        services.AddSingleton<MovementSearch>();
        services.AddSingleton<PassageBook>();
        services.AddHostedService<SilenceWatch>();
        services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = 4 * 1024 * 1024);
        if (options.Json)
        {
            services.AddHostedService(s => new JsonEvents(s.GetRequiredService<HubFeed>(), Console.Out));
        }

        return services;
    }

    public static void MapFeatures(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<IngestService>().At(Listener.Lanes);
        endpoints.MapGrpcService<LaneService>().At(Listener.Lanes);
    }
}
