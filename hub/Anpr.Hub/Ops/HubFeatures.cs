using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Audit;
using Anpr.Hub.Backup;
using Anpr.Hub.Bookings;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Hub.Retention;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;
using Anpr.Hub.Watchlists;
using Microsoft.Extensions.Options;

namespace Anpr.Hub.Ops;

/// <summary>The hub's features in the order in which a sighting meets them: Ingest, Link, Assess, Alerts; Storage below.</summary>
internal static class HubFeatures
{
    /// <summary>All that the hub keeps in its store.</summary>
    public static IReadOnlyList<Table> Tables { get; } =
    [
        RevisionRecord.Table, StoredSighting.Table, StoredPassage.Table, Quarantined.Table, Vehicle.Table, PlateKey.Table, Alert.Table,
        Merge.Table, Apart.Table, LanePair.Table, LearnedVersion.Table, ToldCompany.Table, LaneFault.Table, StoredSearch.Table, StoredDisposition.Table, ListEntry.Table, Booking.Table, BookingNumber.Table, LaneStatus.Table, LaneConfiguration.Table,
        AuditHead.Table, StoredOverview.Table, Hold.Table, Erasure.Table, RetentionTurn.Table, .. AccessState.Tables, CookieKey.Table,
    ];

    /// <summary>What works on the store; a running hub and commands without one share it.</summary>
    public static IServiceCollection AddCore(this IServiceCollection services, string folder, string? store)
    {
        services.AddSingleton<IStore>(s => store is null
            ? LiteStore.Open(folder, Tables, s.GetRequiredService<ILogger<LiteStore>>())
            : PostgresStore.Open(store, Tables, s.GetRequiredService<ILogger<PostgresStore>>()));
        services.AddOptions(); // a command without a running hub reads no settings
        services.AddSingleton<Intake>();
        services.AddSingleton(s => new Linker(s.GetRequiredService<IOptions<Link.LinkOptions>>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IStore>()));
        services.AddSingleton(s => new Assessor(s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IStore>(), s.GetRequiredService<IOptions<ScoreOptions>>().Value.Share));
        services.AddSingleton<MergeAudit>();
        services.AddSingleton<WatchlistBook>();
        services.AddSingleton<HubFeed>();
        services.AddSingleton<HandOver>();
        services.AddSingleton<MovementSearch>();
        services.AddSingleton<Importer>();
        services.AddSingleton<Exporter>();
        services.AddSingleton<Transfer>();
        services.AddSingleton<BackupDesk>();
        services.AddSingleton<BookingBook>();
        services.AddSingleton<HoldDesk>();
        services.AddSingleton<ErasureDesk>();
        return services;
    }

    public static IServiceCollection AddFeatures(this IServiceCollection services, HubOptions options)
    {
        services.AddCore(options.Data, options.Store);
        services.AddSingleton<HubHealth>();
        services.AddSingleton<OverviewIntake>();
        services.AddSingleton<AlertDesk>();
        services.AddSingleton<SigningKey>();
        services.AddSingleton<DeltaSigner>();
        services.AddSingleton<WatchlistFile>();
        services.AddSingleton<BookingDesk>();
        services.AddSingleton<BookingSigner>();
        services.AddSingleton<WatchlistPreview>();
        services.AddSingleton<WatchlistDesk>();
        services.AddSingleton<FleetBoard>();
        services.AddSingleton<HeadKeeper>();
        services.AddSingleton<CollectionLog>();
        services.AddSingleton<RetentionPass>();
        services.AddSingleton<PassageBook>();
        services.AddSingleton<MergeDesk>();
        services.AddSingleton<LearningDesk>();
        services.AddSingleton(s => new CompanyBook(s.GetRequiredService<IStore>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LaneBook>();
        services.AddSingleton<SearchStatistics>();
        services.AddSingleton<MovementDesk>();
        services.AddSingleton(Places.Load(options.Data));
        services.AddSingleton<SightingPictures>();
        services.AddApi();
        services.AddHostedService<SilenceWatch>();
        services.AddHostedService(s => s.GetRequiredService<HeadKeeper>());
        services.AddHostedService(s => s.GetRequiredService<CollectionLog>()); // stopped before the head is signed
        services.AddHostedService<RetentionWorker>();
        services.AddHostedService<Teaching>();
        services.AddHostedService(s => s.GetRequiredService<MergeAudit>());
        services.AddSingleton<CompanyWatch>();
        services.AddHostedService(s => s.GetRequiredService<CompanyWatch>());
        services.AddHostedService<OtherHubs>();
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
        endpoints.MapGrpcService<MovementsGrpc>().EnableGrpcWeb().RequireAuthorization(Policies.Api("movements", Policies.Officer)).RequireRateLimiting(RateLimits.Api).DisableAntiforgery();
        TransferEndpoints.Map(endpoints);
        BackupCommands.Map(endpoints);
        endpoints.MapApi();
        endpoints.MapGet("/health", HealthAsync).AllowAnonymous().ExcludeFromDescription();
    }

    // Whoever asks is told no file's name; the log has it.
    private static async Task<IResult> HealthAsync(HubHealth health) => await health.StoresAsync()
        ? Results.Text("ok")
        : Results.Text("The hub's store does not work. Make room on its disk or mend it; its log says what failed.", statusCode: StatusCodes.Status503ServiceUnavailable);
}
