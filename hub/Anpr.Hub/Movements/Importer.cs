using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Ingest;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Movements;

/// <summary>What came of an import.</summary>
/// <param name="Stored">New sightings.</param>
/// <param name="Duplicates">Lines that were there before.</param>
/// <param name="Refused">Lines that could not be used.</param>
public sealed record ImportSummary(long Stored, long Duplicates, long Refused);

/// <summary>Takes in sightings of other sources, one JSON object a line; they are linked and assessed like a lane's, as past ones.</summary>
public sealed class Importer(Intake intake)
{
    // Lines that wait for their commit: enough to fill the store's groups.
    private const int InFlight = 512;

    /// <summary>Reads all lines; a bad one costs only itself.</summary>
    /// <param name="lines">One sighting a line; empty lines are skipped.</param>
    /// <param name="refuse">Is told each bad line: its number from 1, and what is wrong with the cure.</param>
    /// <param name="cancellation">Stops after what is under way.</param>
    public async Task<ImportSummary> ImportAsync(TextReader lines, Func<long, string, Task> refuse, CancellationToken cancellation)
    {
        var waiting = new Queue<(long Number, Task<IngestAnswer> Answer)>();
        long stored = 0, duplicates = 0, refused = 0, number = 0;
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (Read(line, out var lane, out var sighting) is { } fault)
            {
                refused++;
                await refuse(number, fault);
                continue;
            }

            waiting.Enqueue((number, intake.AcceptAsync(lane!, new IngestMessage { Sighting = sighting }, past: true)));
            if (waiting.Count >= InFlight)
            {
                await SettleAsync();
            }
        }

        while (waiting.Count > 0)
        {
            await SettleAsync();
        }

        return new ImportSummary(stored, duplicates, refused);

        async Task SettleAsync()
        {
            var (at, pending) = waiting.Dequeue();
            var answer = await pending;
            switch (answer.Outcome)
            {
                case Outcome.Stored:
                    stored++;
                    break;
                case Outcome.Duplicate:
                    duplicates++;
                    break;
                default:
                    refused++;
                    await refuse(at, answer.Reason);
                    break;
            }
        }
    }

    // The fault of a line, or null with its lane and sighting.
    private static string? Read(string line, out LaneIdentity? lane, out Sighting? sighting)
    {
        (lane, sighting) = (null, null);
        SightingRow row;
        try
        {
            row = JsonSerializer.Deserialize<SightingRow>(line, RowJson.Options) ?? throw new JsonException("is empty");
        }
        catch (JsonException error)
        {
            return $"is no sighting: {FirstLine(error.Message)}";
        }

        if (!Ports.All.Contains(row.Port, StringComparer.Ordinal) || string.IsNullOrWhiteSpace(row.Lane))
        {
            return $"port '{row.Port}', lane '{row.Lane}': give one of {string.Join(", ", Ports.All)} and the lane's name";
        }

        if (!TryName(row.Side, Proto.V1.Side.Unspecified, out var side))
        {
            return $"side '{row.Side}': front, rear or nothing";
        }

        if (!TryName(row.Direction, Proto.V1.Direction.Unspecified, out var direction))
        {
            return $"direction '{row.Direction}': towards, away or nothing";
        }

        lane = new LaneIdentity(row.Port, row.Lane);
        sighting = ToSighting(row, side, direction);
        return null;
    }

    private static Sighting ToSighting(SightingRow row, Side side, Direction direction)
    {
        var time = row.Time.ToTimestamp();
        var sighting = new Sighting
        {
            Id = row.Id,
            Revision = row.Revision,
            PassageId = row.Passage ?? row.Id,
            Stage = Stage.Closed,
            Camera = "import",
            CapturedAt = time,
            FirstSeen = time,
            LastSeen = time,
            DecidedAt = time,
            Text = row.Text,
            Confidence = (float)row.Confidence,
            Country = row.Country ?? "",
            Side = side,
            Direction = direction,
            RawText = row.RawText ?? row.Text,
            TimeQuality = new TimeQuality { Simulated = row.Simulated ?? false },
        };
        foreach (var character in row.Characters ?? [])
        {
            var one = new Character { C = character.C ?? "", P = (float)character.P };
            one.Alternatives.AddRange((character.Alternatives ?? []).Select(a => new CharacterAlternative { C = a.C ?? "", P = (float)a.P }));
            sighting.Characters.Add(one);
        }

        return sighting;
    }

    private static bool TryName<T>(string? text, T none, out T value)
        where T : struct, System.Enum
    {
        value = none;
        return string.IsNullOrEmpty(text) || text == "unknown" || (System.Enum.TryParse(text, ignoreCase: true, out value) && !char.IsAsciiDigit(text[0]));
    }

    private static string FirstLine(string message) => message.Split('\n')[0].Trim();
}
