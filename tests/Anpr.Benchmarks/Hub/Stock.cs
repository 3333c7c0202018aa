using System.Diagnostics;
using System.Globalization;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Anpr.Simulation.Traffic;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace Anpr.Benchmarks.Hub;

/// <summary>What a hub has taken in before: vehicles with four sightings each on average, over a year, made up; and a watchlist.</summary>
internal sealed class Stock(int sightings, int seed)
{
    private const int Together = 1000;
    private const double SightingsEach = 4;

    /// <summary>The end of the year in which it was seen.</summary>
    public static readonly DateTimeOffset End = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly (string Port, int Lanes)[] Ports = [("calais", 12), ("coquelles", 10), ("dunkerque", 5)];
    private static readonly string[] Countries = ["GB", "FR", "PL", "RO", "NL", "DE", "LT", "BG", "HU", "ES", "BE", "IE", "CZ", "SK", "UA", "TR"];

    /// <summary>Registrations that are there, to ask for; filled while the stock is made.</summary>
    public List<(string Text, string Vehicle)> Known { get; } = [];

    /// <summary>Puts it into the embedded store.</summary>
    public async Task PutAsync(LiteStore store)
    {
        foreach (var vehicles in Vehicles().Chunk(Together))
        {
            await store.WriteAsync(writer =>
            {
                foreach (var (vehicle, seen) in vehicles)
                {
                    writer.Put(Vehicle.Table, vehicle);
                    foreach (var key in PlateKey.Of(vehicle))
                    {
                        writer.Put(PlateKey.Table, key);
                    }

                    foreach (var sighting in seen)
                    {
                        writer.Put(RevisionRecord.Table, Revision(sighting));
                        writer.Put(StoredSighting.Table, sighting);
                    }
                }

                return true;
            });
        }
    }

    /// <summary>Puts it into PostgreSQL by COPY, table by table for each part.</summary>
    public void Copy(string connection)
    {
        using var open = new NpgsqlConnection(connection);
        open.Open();
        foreach (var vehicles in Vehicles().Chunk(20 * Together))
        {
            Copy(open, Vehicle.Table, vehicles.Select(v => v.Vehicle));
            Copy(open, PlateKey.Table, vehicles.SelectMany(v => PlateKey.Of(v.Vehicle)));
            Copy(open, RevisionRecord.Table, vehicles.SelectMany(v => v.Seen).Select(Revision));
            Copy(open, StoredSighting.Table, vehicles.SelectMany(v => v.Seen));
        }

        using var analyse = new NpgsqlCommand("VACUUM ANALYZE", open) { CommandTimeout = 0 };
        analyse.ExecuteNonQuery();
    }

    /// <summary>Sightings a second of plain COPY of all rows that they need, made beforehand, into a database that has the hub's tables.</summary>
    public double CopyRate(string connection)
    {
        PostgresStore.Open(connection, HubFeatures.Tables).DisposeAsync().AsTask().GetAwaiter().GetResult();
        var vehicles = Vehicles().ToList();
        var keys = vehicles.SelectMany(v => PlateKey.Of(v.Vehicle)).ToList();
        var seen = vehicles.SelectMany(v => v.Seen).ToList();
        var revisions = seen.ConvertAll(Revision);
        using var open = new NpgsqlConnection(connection);
        open.Open();
        var clock = Stopwatch.StartNew();
        Copy(open, Vehicle.Table, vehicles.Select(v => v.Vehicle));
        Copy(open, PlateKey.Table, keys);
        Copy(open, RevisionRecord.Table, revisions);
        Copy(open, StoredSighting.Table, seen);
        return sightings / clock.Elapsed.TotalSeconds;
    }

    /// <summary>So many entries of the watchlist, exact ones that nothing matches; in any store.</summary>
    public static Task ListAsync(IStore store, int entries, IReadOnlyList<string> hits) => store.WriteAsync(writer =>
    {
        var random = new Random(entries);
        for (var i = 0; i < entries; i++)
        {
            var pattern = i < hits.Count ? hits[i] : string.Create(CultureInfo.InvariantCulture, $"ZZ{random.Next(100_000_000):D8}");
            writer.Put(ListEntry.Table, new ListEntry(
                Guid.CreateVersion7(End).ToString(), pattern, ListedKind.Exact, 1, "of interest", "OP:1", "olive", false, End, TimeProvider.System.GetUtcNow().AddDays(100), false, (ulong)i + 1));
        }

        return true;
    });

    private static void Copy<T>(NpgsqlConnection connection, Table<T> table, IEnumerable<T> records)
        where T : class
    {
        string[] columns = ["id", "body", .. table.Indexes.Select(i => "k_" + i.Name)];
        using var copy = connection.BeginBinaryImport($"COPY {table.Name} ({string.Join(", ", columns)}) FROM STDIN (FORMAT BINARY)");
        foreach (var record in records)
        {
            copy.StartRow();
            copy.Write(table.Id(record), NpgsqlDbType.Text);
            copy.Write(table.Write(record), NpgsqlDbType.Bytea);
            foreach (var index in table.Indexes)
            {
                if (index.Key(record) is { } key)
                {
                    copy.Write(key, NpgsqlDbType.Text);
                }
                else
                {
                    copy.WriteNull();
                }
            }
        }

        copy.Complete();
    }

    private static RevisionRecord Revision(StoredSighting s) =>
        new("sighting", s.Id, 1, s.Port, s.Lane, s.ReceivedAt, Incoming.Of(new IngestMessage { Sighting = s.Message }).Digest(), s.Message.ToByteArray(), s.Patch);

    private IEnumerable<(Vehicle Vehicle, IReadOnlyList<StoredSighting> Seen)> Vehicles()
    {
        var random = new Random(seed);
        var maker = new RegistrationMaker(CountryTable.LoadShipped());
        for (var made = 0; made < sightings;)
        {
            var country = Countries[random.Next(Countries.Length)];
            var text = maker.Make(country, VehicleKind.Lorry, false, random).Text;
            var count = Math.Min(sightings - made, 1 + random.Next((int)(2 * SightingsEach) - 1));
            var seen = Enumerable.Range(0, count).Select(_ => Sighting(text, country, random)).OrderBy(s => s.CapturedAt).ToList();
            made += count;
            var id = Guid.CreateVersion7(seen[0].CapturedAt).ToString();
            var linked = seen.ConvertAll(s => s with { Vehicle = id, LinkProbability = 1 });
            var vehicle = Vehicle.Of(linked[0], PlateEvidence.Of(linked[0].Message));
            vehicle = linked.Skip(1).Aggregate(vehicle, (v, s) => v.With(s, PlateEvidence.Of(s.Message)));
            if (Known.Count < 20_000)
            {
                Known.Add((vehicle.Text, id));
            }

            yield return (vehicle, linked);
        }
    }

    private static StoredSighting Sighting(string text, string country, Random random)
    {
        var (port, lanes) = Ports[random.Next(Ports.Length)];
        var time = End.AddSeconds(-random.NextDouble() * 365 * 24 * 3600);
        var id = Guid.CreateVersion7(time).ToString();
        var row = new SightingRow
        {
            Id = id,
            Port = port,
            Lane = string.Create(CultureInfo.InvariantCulture, $"{port}-{1 + random.Next(lanes)}"),
            Time = time,
            Text = text,
            Confidence = 0.99,
            Characters = [.. text.Select(c => new CharacterRow(c.ToString(), 0.998, [new CharacterRow(c == '8' ? "B" : "8", 0.002, [])]))],
            Country = country,
        };
        return new StoredSighting(id, row.Port, row.Lane, Importer.ToSighting(row, Side.Front, Direction.Towards), "", time, false, "", 1, ["made up"]);
    }
}
