using System.CommandLine;
using System.Diagnostics;
using Anpr.Benchmarks.Link;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Hub.Retention;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Anpr.Tests.Postgres;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Anpr.Benchmarks.Hub;

/// <summary>What taking in sightings costs beside a deletion, and how fast it deletes: the same traffic first alone, then beside it, on one store.</summary>
internal static class RetentionBenchmark
{
    private const int WarmUp = 5;

    // Of the stock's year, which ends in March 2026, about so much is due.
    private const double Due = 0.5;

    public static Benchmark Create() => new(
        "retention", "sightings taken in beside a deletion: --store litedb|postgres (litedb) --stored N (100000) --rate N a second (50) --seconds N (60) of each", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var store = new Option<string>("--store") { DefaultValueFactory = _ => "litedb" }.AcceptOnlyFromAmong("litedb", "postgres");
        var stored = Benchmark.Number("--stored", 100_000, 1);
        var rate = Benchmark.Number("--rate", 50, 1);
        var seconds = Benchmark.Number("--seconds", 60, WarmUp + 1);
        var command = new RootCommand { store, stored, rate, seconds };
        command.SetAction(parsed => RunAsync(parsed.GetValue(store) == "postgres", parsed.GetValue(stored), parsed.GetValue(rate), parsed.GetValue(seconds)));
        return await Benchmark.InvokeAsync(command, args);
    }

    private static async Task<int> RunAsync(bool postgres, int stored, int rate, int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("anpr-bench-").FullName;
        try
        {
            using var server = postgres ? PostgresServer.Start() : null;
            var connection = server?.NewDatabase();
            await FillAsync(folder, connection, new Stock(stored, 7));
            await using var services = Services(folder, connection);
            var traffic = LinkTraffic.Read(PortTraffic.Make(CountryTable.LoadShipped(), Math.Max(2000, rate * seconds), 7, 1), 0.95, SourceSays.Characters, 1);
            var hub = services.GetRequiredService<Intake>();
            var half = traffic.Count / 2;

            Print("alone", await SendAsync(hub, traffic.Take(half), rate, seconds));
            using var stop = new CancellationTokenSource();
            var clock = Stopwatch.StartNew();
            var pass = Pass(services);
            var deleting = pass.RunAsync(stop.Token);
            Print("beside a deletion", await SendAsync(hub, traffic.Skip(half), rate, seconds));
            await stop.CancelAsync();
            await ((Task)deleting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var gone = services.GetRequiredService<IStore>().Newest(Erasure.Table.ById, 1) is [var erasure] ? erasure : Erasure.Begin("none", "", "", default);
            Console.WriteLine(FormattableString.Invariant($"deleted meanwhile: {gone.Words}; {gone.Counts.GetValueOrDefault("sightings") / clock.Elapsed.TotalSeconds:0} sightings/s"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillAsync(string folder, string? connection, Stock stock)
    {
        var clock = Stopwatch.StartNew();
        await using IStore store = connection is null ? LiteStore.Open(folder, HubFeatures.Tables) : PostgresStore.Open(connection, HubFeatures.Tables);
        if (store is LiteStore lite)
        {
            await stock.PutAsync(lite);
        }
        else
        {
            stock.Copy(connection!);
        }

        Console.WriteLine(FormattableString.Invariant($"filled in {clock.Elapsed.TotalSeconds:0} s"));
    }

    private static ServiceProvider Services(string folder, string? connection) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(new HubFiles(folder))
        .AddSingleton(new AuditLog(folder, TimeProvider.System))
        .AddCore(folder, connection)
        .BuildServiceProvider();

    private static RetentionPass Pass(ServiceProvider services)
    {
        var days = (int)((TimeProvider.System.GetUtcNow() - Stock.End).TotalDays + (365 * (1 - Due)));
        return new RetentionPass(
            services.GetRequiredService<IStore>(), services.GetRequiredService<Linker>(), services.GetRequiredService<AuditLog>(), Options.Create(new RetentionOptions { SightingsDays = days }), TimeProvider.System);
    }

    private static async Task<List<double>> SendAsync(Intake hub, IEnumerable<SeenPlate> traffic, int rate, int seconds)
    {
        var random = new Random(1);
        var clock = Stopwatch.StartNew();
        var answers = new List<Task<double>>();
        var i = 0;
        foreach (var row in traffic.Select(t => t.Row))
        {
            var due = TimeSpan.FromSeconds((double)i++ / rate);
            if (due > TimeSpan.FromSeconds(seconds))
            {
                break;
            }

            if (due - clock.Elapsed > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(due - clock.Elapsed);
            }

            var sighting = Importer.ToSighting(row, row.Side == "rear" ? Side.Rear : Side.Front, Direction.Towards);
            var patch = new byte[3000];
            random.NextBytes(patch);
            sighting.PatchJpeg = UnsafeByteOperations.UnsafeWrap(patch);
            answers.Add(TakeAsync(hub, new LaneIdentity(row.Port, row.Lane), new IngestMessage { Sighting = sighting }));
        }

        var all = await Task.WhenAll(answers);
        return [.. all.Skip(rate * WarmUp).Order()];
    }

    private static async Task<double> TakeAsync(Intake hub, LaneIdentity lane, IngestMessage message)
    {
        var began = Stopwatch.GetTimestamp();
        await hub.AcceptAsync(lane, message);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static void Print(string what, List<double> ordered) => Console.WriteLine(FormattableString.Invariant(
        $"{what,-20} {ordered.Count} sightings stored after p50 {At(ordered, .5):0}, p99 {At(ordered, .99):0}, at most {ordered[^1]:0} ms"));

    private static double At(List<double> ordered, double share) => ordered[(int)Math.Min(ordered.Count - 1, share * ordered.Count)];
}
