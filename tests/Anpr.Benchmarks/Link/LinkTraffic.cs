using System.Globalization;
using System.Text.Json;
using Anpr.Hub.Movements;
using Anpr.Models.Plates;

namespace Anpr.Benchmarks.Link;

/// <summary>What a source says beside the text.</summary>
internal enum SourceSays
{
    /// <summary>Each character's probabilities, and the country.</summary>
    Characters,

    /// <summary>One confidence for the whole.</summary>
    Confidence,

    /// <summary>Nothing.</summary>
    Text,
}

/// <summary>Sightings with their truth: simulated, or out of files.</summary>
internal static class LinkTraffic
{
    // On so many of them the mixture of easy and hard reads is found.
    private const int Plates = 10_000;

    /// <summary>Simulated traffic of three ports, read with a share of whole plates right; everything follows from the seed.</summary>
    /// <param name="passings">The traffic.</param>
    /// <param name="accuracy">Share of whole plates read right, such as .95.</param>
    /// <param name="says">What the source says beside the text.</param>
    /// <param name="seed">Any number.</param>
    public static IReadOnlyList<SeenPlate> Read(IReadOnlyList<Passing> passings, double accuracy, SourceSays says, int seed)
    {
        var plates = Enumerable.Range(0, Plates).Select(i => passings[(int)((long)i * passings.Count / Plates)].Vehicle.Plate).ToList();
        var reads = new SimulatedReads(ReadBank.Load(), plates, accuracy, seed);
        var random = new Random(seed);
        return [.. passings.Select((p, i) => Seen(p, reads.Read(p.Vehicle.Plate, random), says, i))];
    }

    /// <summary>Any traffic: sightings in the import's form, and a CSV <c>id,vehicle</c> with, if it is known, <c>plate</c>.</summary>
    /// <exception cref="InvalidDataException">A line cannot be used; the message names it.</exception>
    public static IReadOnlyList<SeenPlate> Load(string traffic, string truth)
    {
        var known = Truth(truth);
        var seen = new List<SeenPlate>();
        foreach (var (number, line) in File.ReadLines(traffic).Index())
        {
            if (line.Length == 0)
            {
                continue;
            }

            try
            {
                var row = JsonSerializer.Deserialize<SightingRow>(line, RowJson.Options) ?? throw new JsonException("no object");
                if (known.TryGetValue(row.Id, out var whose))
                {
                    seen.Add(new(row, whose.Vehicle, whose.Plate));
                }
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{traffic}:{number + 1}: is no sighting ({e.Message.Split('\n')[0]}). Give one JSON object with id, port, lane, time and text at least (docs/json.md)", e);
            }
        }

        return seen.Count > 0 ? [.. seen.OrderBy(s => s.Row.Time)] : throw new InvalidDataException($"{traffic}: none of its sightings is named in {truth}");
    }

    private static Dictionary<string, (string Vehicle, string Plate)> Truth(string path)
    {
        var known = new Dictionary<string, (string Vehicle, string Plate)>(StringComparer.Ordinal);
        foreach (var (number, line) in File.ReadLines(path).Index())
        {
            var cells = line.Split(',');
            if (cells.Length < 2)
            {
                throw new InvalidDataException($"{path}:{number + 1}: write id,vehicle and, if it is known, plate");
            }

            if (number > 0 || cells[0] != "id")
            {
                known[cells[0]] = (cells[1], cells.Length > 2 ? cells[2] : cells[1]);
            }
        }

        return known;
    }

    private static SeenPlate Seen(Passing passing, SimulatedRead read, SourceSays says, int number) => new(
        new SightingRow
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-7000-8000-{number:x12}"),
            Passage = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-7000-8001-{passing.Passage:x12}"),
            Port = passing.Port,
            Lane = passing.Lane,
            Time = passing.Time,
            Text = read.Text,
            Confidence = says == SourceSays.Text ? 0 : read.Confidence,
            Characters = says == SourceSays.Characters ? [.. read.Characters.Select(Row)] : null,
            Country = says == SourceSays.Characters ? passing.Vehicle.Country : null,
            Side = passing.Rear ? "rear" : "front",
        },
        string.Create(CultureInfo.InvariantCulture, $"{passing.Vehicle.Number}"),
        passing.Vehicle.Plate);

    private static CharacterRow Row(IReadOnlyList<(char C, double P)> options) =>
        new(options[0].C.ToString(), options[0].P, [.. options.Skip(1).Select(o => new CharacterRow(o.C.ToString(), o.P))]);
}
