using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Anpr.Benchmarks.Link;
using Anpr.Hub.Access;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Anpr.Tests.Postgres;
using Google.Protobuf;

namespace Anpr.Benchmarks.Hub;

/// <summary>
/// What hubs take in and answer: real hubs, a real PostgreSQL, lanes over mutual TLS, all on one machine. Everything that a sighting passes in
/// service is on: linking, assessment, pictures of plates, audit.
/// </summary>
internal static class HubBenchmark
{
    private const int Queries = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(12);

    public static Benchmark Create() => new(
        "hub", "what hubs take in and answer: --store litedb|postgres (litedb) --stored N (0) --hubs N (litedb 1, postgres 2) --rate N a second (0: all that goes) --seconds N (60) --patch BYTES (3000, 0: none) --entries N (0) --subscribers N (0)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var store = new Option<string>("--store") { DefaultValueFactory = _ => "litedb" }.AcceptOnlyFromAmong("litedb", "postgres");
        var stored = Benchmark.Number("--stored", 0, 0);
        var hubs = Benchmark.Number("--hubs", 0, 0);
        var rate = Benchmark.Number("--rate", 0, 0);
        var seconds = Benchmark.Number("--seconds", 60, 1);
        var patch = Benchmark.Number("--patch", 3000, 0);
        var entries = Benchmark.Number("--entries", 0, 0);
        var subscribers = Benchmark.Number("--subscribers", 0, 0);
        var command = new RootCommand { store, stored, hubs, rate, seconds, patch, entries, subscribers };
        command.SetAction(parsed => RunAsync(new Plan(
            parsed.GetValue(store) == "postgres", parsed.GetValue(stored), parsed.GetValue(hubs), parsed.GetValue(rate), parsed.GetValue(seconds), parsed.GetValue(patch), parsed.GetValue(entries), parsed.GetValue(subscribers))));
        return await Benchmark.InvokeAsync(command, args);
    }

    private static async Task<int> RunAsync(Plan plan)
    {
        // A week of the three ports, driven through in the time of the run.
        var vehicles = Math.Max(9000, (plan.Rate == 0 ? 4000 : plan.Rate) * plan.Seconds / 3);
        var traffic = LinkTraffic.Read(PortTraffic.Make(CountryTable.LoadShipped(), vehicles, 7, 1), 0.95, SourceSays.Characters, 1);
        var lanes = traffic.Select(s => new LaneIdentity(s.Row.Port, s.Row.Lane)).Distinct().ToList();
        using var server = plan.Postgres ? PostgresServer.Start() : null;
        var connection = server?.NewDatabase();
        await using var hubs = await HubsUnderTest.MakeAsync(lanes, connection);
        var stock = new Stock(plan.Stored, 7);
        var fresh = server?.Megabytes(connection!) ?? 0;
        var hits = traffic.Where((_, i) => i % Math.Max(1, plan.Rate / 2) == 0).Select(s => s.Row.Text).Distinct(StringComparer.Ordinal).Take(plan.Entries / 2).ToList();
        await FillAsync(plan, hubs, connection, stock, hits);
        if (server is not null && plan.Stored > 0)
        {
            var megabytes = server.Megabytes(connection!) - fresh;
            Console.WriteLine(FormattableString.Invariant($"the database has {megabytes} MB, {1048576.0 * megabytes / plan.Stored:0} bytes a sighting"));
        }

        await hubs.StartAsync(plan.Hubs > 0 ? plan.Hubs : plan.Postgres ? 2 : 1, connection);
        using var client = hubs.Client();
        using var subscribers = new Subscribers(client);
        await subscribers.StartAsync(plan.Subscribers);
        var senders = lanes.Select((lane, i) => (lane, sender: new LaneSender(hubs.Channel(lane, i)))).ToDictionary(s => s.lane, s => s.sender);
        var before = Cpu.Of(hubs, server);
        var clock = Stopwatch.StartNew();
        var sent = await SendAsync(plan, traffic, senders, subscribers, [.. hits]);
        foreach (var sender in senders.Values)
        {
            await sender.CompleteAsync();
        }

        var took = clock.Elapsed;
        var used = Cpu.Of(hubs, server) - before;
        var latencies = senders.Values.SelectMany(s => s.Latencies).Order().ToList();
        Console.WriteLine(FormattableString.Invariant(
            $"{sent} sightings in {took.TotalSeconds:0} s: {sent / took.TotalSeconds:0}/s; answered (but for the first {LaneSender.WarmUp} s) after p50 {At(latencies, .5):0}, p99 {At(latencies, .99):0}, at most {latencies[^1]:0} ms; not stored {senders.Values.Sum(s => s.Refused)}"));
        Console.WriteLine(FormattableString.Invariant(
            $"CPU a sighting: hubs {used.Hubs.TotalMilliseconds / sent:0.00}, database {used.Database.TotalMilliseconds / sent:0.00}, lanes {used.Client.TotalMilliseconds / sent:0.00} ms; largest hub {hubs.Megabytes} MB"));
        if (plan.Subscribers > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            var told = subscribers.Latencies.Order().ToList();
            Console.WriteLine(FormattableString.Invariant(
                $"{subscribers.Expected} of them hit one of {plan.Entries} entries; {plan.Subscribers} officers told {told.Count} times, p50 {At(told, .5):0}, p99 {At(told, .99):0}, at most {(told.Count > 0 ? told[^1] : 0):0} ms after sending"));
        }

        if (plan.Stored > 0)
        {
            await AskAsync(client, stock);
        }

        if (server is not null)
        {
            var copied = new Stock(50_000, 11).CopyRate(server.NewDatabase());
            Console.WriteLine(FormattableString.Invariant($"plain COPY of the same kinds of rows: {copied:0} sightings/s, {copied / (sent / took.TotalSeconds):0.0} times as many"));
        }

        foreach (var sender in senders.Values)
        {
            await sender.DisposeAsync();
        }

        return 0;
    }

    private static async Task FillAsync(Plan plan, HubsUnderTest hubs, string? connection, Stock stock, IReadOnlyList<string> hits)
    {
        var clock = Stopwatch.StartNew();
        await using IStore store = connection is null ? LiteStore.Open(hubs.Data(0), HubFeatures.Tables) : PostgresStore.Open(connection, HubFeatures.Tables);
        if (plan.Entries > 0)
        {
            await Stock.ListAsync(store, plan.Entries, hits);
        }

        if (plan.Stored > 0 && store is LiteStore lite)
        {
            await stock.PutAsync(lite);
        }
        else if (plan.Stored > 0)
        {
            stock.Copy(connection!);
        }

        Console.WriteLine(FormattableString.Invariant($"{plan.Stored} sightings and {plan.Entries} entries put there in {clock.Elapsed.TotalSeconds:0} s"));
    }

    private static async Task<int> SendAsync(Plan plan, IReadOnlyList<SeenPlate> traffic, Dictionary<LaneIdentity, LaneSender> senders, Subscribers subscribers, HashSet<string> hits)
    {
        var random = new Random(1);
        var clock = Stopwatch.StartNew();
        var told = TimeSpan.FromSeconds(10);
        for (var i = 0; i < traffic.Count; i++)
        {
            var due = plan.Rate > 0 ? TimeSpan.FromSeconds((double)i / plan.Rate) : clock.Elapsed;
            if (due > TimeSpan.FromSeconds(plan.Seconds))
            {
                return i;
            }

            if (due - clock.Elapsed > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(due - clock.Elapsed);
            }

            if (clock.Elapsed > told)
            {
                await Console.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\r{i} sent, {i / clock.Elapsed.TotalSeconds:0}/s "));
                told += TimeSpan.FromSeconds(5);
            }

            var row = traffic[i].Row;
            var sighting = Importer.ToSighting(row, row.Side == "rear" ? Side.Rear : Side.Front, Direction.Towards);
            if (plan.Patch > 0)
            {
                var bytes = new byte[plan.Patch];
                random.NextBytes(bytes);
                sighting.PatchJpeg = UnsafeByteOperations.UnsafeWrap(bytes);
            }

            if (hits.Contains(row.Text))
            {
                subscribers.Sending(row.Id);
            }

            await senders[new LaneIdentity(row.Port, row.Lane)].SendAsync(sighting, CancellationToken.None);
        }

        return traffic.Count;
    }

    private static async Task AskAsync(HttpClient client, Stock stock)
    {
        var random = new Random(3);
        (string What, Func<string> Path)[] questions =
        [
            ("exact plate", () => $"/api/v1/movements?reason=OP:1&from=2025-01-01T00:00:00Z&plate={Pick().Text}"),
            ("partial plate, its beginning", () => $"/api/v1/movements?reason=OP:1&from=2025-01-01T00:00:00Z&plate={Pick().Text[..4]}*"),
            ("partial plate, its middle", () => $"/api/v1/movements?reason=OP:1&from=2025-01-01T00:00:00Z&plate=*{Pick().Text[1..^1]}*"),
            ("journey", () => $"/api/v1/vehicles/{Pick().Vehicle}/journey?reason=OP:1"),
        ];
        foreach (var (what, path) in questions)
        {
            var took = new List<double>();
            for (var i = 0; i < Queries && took.Sum() < 60_000; i++)
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync(new Uri(path(), UriKind.Relative));
                answer.EnsureSuccessStatusCode();
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                await Task.Delay(Pause); // a key may ask 100 times a second
            }

            took.Sort();
            Console.WriteLine(FormattableString.Invariant($"{what,-30} p50 {At(took, .5),6:0.0}, p99 {At(took, .99),6:0.0} ms ({took.Count} times)"));
        }

        (string Text, string Vehicle) Pick() => stock.Known[random.Next(stock.Known.Count)];
    }

    private static double At(IReadOnlyList<double> ordered, double share) => ordered.Count == 0 ? 0 : ordered[(int)Math.Min(ordered.Count - 1, share * ordered.Count)];

    private sealed record Plan(bool Postgres, int Stored, int Hubs, int Rate, int Seconds, int Patch, int Entries, int Subscribers);

    private readonly record struct Cpu(TimeSpan Hubs, TimeSpan Database, TimeSpan Client)
    {
        public static Cpu Of(HubsUnderTest hubs, PostgresServer? server) => new(hubs.CpuTime, server?.CpuTime ?? TimeSpan.Zero, Process.GetCurrentProcess().TotalProcessorTime);

        public static Cpu operator -(Cpu a, Cpu b) => new(a.Hubs - b.Hubs, a.Database - b.Database, a.Client - b.Client);
    }
}
