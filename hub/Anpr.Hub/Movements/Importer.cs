using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Models.Plates;
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
public sealed class Importer(Intake intake, TimeProvider time)
{
    // Lines that wait for their commit: enough to fill the store's groups.
    private const int InFlight = 512;

    private const string NoSighting = "is no sighting: give one JSON object with id, port, lane, time and text at least (docs/json.md)";

    // What other programs write is not what the types promise.
    private static readonly JsonSerializerOptions Strict = new(RowJson.Options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

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
                await refuse(number, OneLine(fault));
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
                    await refuse(at, OneLine(answer.Reason));
                    break;
            }
        }
    }

    // The fault of a line, or null with its lane and sighting.
    private string? Read(string line, out LaneIdentity? lane, out Sighting? sighting)
    {
        (lane, sighting) = (null, null);
        SightingRow? row;
        try
        {
            row = JsonSerializer.Deserialize<SightingRow>(line, Strict);
        }
        catch (JsonException error)
        {
            return error.Path is { Length: > 2 } path ? $"is no sighting: {path[2..]} cannot be used" : NoSighting;
        }

        if (row is null)
        {
            return NoSighting;
        }

        if ((row.Characters ?? []).Any(c => c is null || (c.Alternatives ?? []).Any(a => a is null)))
        {
            return "is no sighting: characters holds a null";
        }

        if (!TryName(row.Side, Proto.V1.Side.Unspecified, out var side))
        {
            return $"side '{row.Side}': front, rear or nothing";
        }

        if (!TryName(row.Direction, Proto.V1.Direction.Unspecified, out var direction))
        {
            return $"direction '{row.Direction}': towards, away or nothing";
        }

        if (LaneFault(row.Port, row.Lane) is { } unknown)
        {
            return unknown;
        }

        lane = new LaneIdentity(row.Port, row.Lane);
        sighting = ToSighting(row, side, direction);
        return Fault(row, sighting);
    }

    // Named as in the file; what is left is named alike there and on the wire. What is refused here is no lane's fault and fills no quarantine.
    private string? Fault(SightingRow row, Sighting sighting)
    {
        var now = time.GetUtcNow();
        if (MessageCheck.Unbelievable(row.Time, now) is { } wrong)
        {
            return $"time {wrong}. Give the time of capture in UTC, such as 2026-11-24T08:00:00Z.";
        }

        return row.Passage is { } passage && !Guid.TryParseExact(passage, "D", out _)
            ? "passage is no UUID in 36 characters. Leave it out where there is none."
            : MessageCheck.Fault(Incoming.Of(new IngestMessage { Sighting = sighting }), now);
    }

    private static string? LaneFault(string port, string lane)
    {
        try
        {
            Ports.Check(port, lane);
            return null;
        }
        catch (InputException wrong)
        {
            return wrong.Message;
        }
    }

    internal static Sighting ToSighting(SightingRow row, Side side, Direction direction)
    {
        var time = row.Time.ToTimestamp();
        var sighting = new Sighting
        {
            Id = row.Id,
            Revision = row.Revision,
            PassageId = row.Passage ?? row.Id,
            Stage = Stage.Closed,
            Camera = string.IsNullOrEmpty(row.Camera) ? "import" : row.Camera,
            CapturedAt = time,
            FirstSeen = time,
            LastSeen = time,
            DecidedAt = time,
            Text = PlateText.Fold(row.Text),
            Confidence = (float)row.Confidence,
            Country = row.Country ?? "",
            Side = side,
            Direction = direction,
            RawText = row.RawText ?? row.Text,
            TimeQuality = new TimeQuality { Simulated = row.Simulated ?? false },
        };
        if (row.OffsetMs is { } offset)
        {
            sighting.TimeQuality.OffsetMs = offset;
        }

        foreach (var character in row.Characters ?? [])
        {
            var one = new Character { C = character.C, P = (float)character.P };
            one.Alternatives.AddRange((character.Alternatives ?? []).Select(a => new CharacterAlternative { C = a.C, P = (float)a.P }));
            sighting.Characters.Add(one);
        }

        return sighting;
    }

    private static bool TryName<T>(string? text, T none, out T value)
        where T : struct, System.Enum
    {
        var known = Names.TryRead(text, out T read);
        value = known ? read : none;
        return known || string.IsNullOrEmpty(text) || text == "unknown";
    }

    // What stands in the file goes into words, and one fault is one line.
    private static string OneLine(string fault) => string.Concat(fault.Select(c => char.IsControl(c) ? ' ' : c));
}
