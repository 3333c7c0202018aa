using System.CommandLine;
using System.Diagnostics;
using Anpr.Benchmarks.Link;
using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Anpr.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Anpr.Benchmarks.Hub;

internal static class HubBenchmark
{
    public static Benchmark Create() => new("hub", "what a hub takes in: --store litedb|postgres (litedb)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var kind = new Option<string>("--store") { DefaultValueFactory = _ => "litedb" };
        var vehicles = Benchmark.Number("--vehicles", 35_000, 100);
        var command = new RootCommand { kind, vehicles };
        command.SetAction(async (parsed, _) =>
        {
            var passings = PortTraffic.Make(CountryTable.LoadShipped(), parsed.GetValue(vehicles), 7, 1);
            var seen = LinkTraffic.Read(passings, 0.95, true, 1);
            Console.WriteLine($"{seen.Count} sightings");
            var folder = Directory.CreateTempSubdirectory("anpr-bench-").FullName;
            using var server = parsed.GetValue(kind) == "postgres" ? PostgresServer.Start() : null;
            await using IStore store = server is null ? LiteStore.Open(folder, HubFeatures.Tables) : PostgresStore.Open(server.NewDatabase(), HubFeatures.Tables);
            var feed = new HubFeed();
            var assessor = new Assessor(TimeProvider.System);
            var intake = new Intake(store, new Linker(Options.Create(new LinkOptions()), TimeProvider.System, store), assessor, new WatchlistBook(store, assessor, feed, TimeProvider.System), feed, TimeProvider.System, NullLogger<Intake>.Instance);
            var waiting = new Queue<Task>();
            var clock = Stopwatch.StartNew();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var done = 0;
            foreach (var plate in seen)
            {
                var message = Importer.ToSighting(plate.Row, plate.Row.Side == "rear" ? Side.Rear : Side.Front, Direction.Towards);
                waiting.Enqueue(intake.AcceptAsync(new LaneIdentity(plate.Row.Port, plate.Row.Lane), new IngestMessage { Sighting = message }));
                if (waiting.Count >= 400)
                {
                    await waiting.Dequeue();
                }

                if (++done % 5000 == 0)
                {
                    var now = Process.GetCurrentProcess().TotalProcessorTime;
                    Console.WriteLine($"{done,8} {5000 / clock.Elapsed.TotalSeconds,8:0}/s  hub CPU {(now - cpu).TotalMilliseconds / 5000:0.000} ms each, {GC.GetTotalMemory(false) >> 20} MB");
                    (cpu, clock) = (now, Stopwatch.StartNew());
                }
            }

            await Task.WhenAll(waiting);
            return 0;
        });
        return await Benchmark.InvokeAsync(command, args);
    }
}
