using System.Text.Json;
using System.Text.Json.Serialization;

namespace Anpr.Hardware.Bus;

/// <summary>One value of a pack, resolved: absolute time, full name.</summary>
/// <param name="Name">Quantity, for example <c>inside</c>.</param>
/// <param name="Unit">SenML unit, empty when none was given.</param>
/// <param name="Value">In that unit.</param>
/// <param name="Time">Device time, UTC.</param>
public readonly record struct Reading(string Name, string Unit, double Value, DateTimeOffset Time);

/// <summary>Slow readings of one device as SenML JSON (RFC 8428): one base time, a sequence number, the values.</summary>
/// <param name="Boot">The device's boot id.</param>
/// <param name="Sequence">Grows by one with each pack of a boot; a gap shows a lost pack.</param>
/// <param name="Readings">The values.</param>
public sealed record SenMlPack(string Boot, long Sequence, IReadOnlyList<Reading> Readings)
{
    private const string SequenceName = "seq";
    private const string BootName = "boot";

    /// <summary>The pack as a SenML array, UTF-8.</summary>
    public byte[] ToJson()
    {
        var baseTime = Readings.Count == 0 ? DateTimeOffset.UnixEpoch : Readings.Min(reading => reading.Time);
        var records = new List<SenMlRecord>
        {
            new() { Bt = Seconds(baseTime), N = SequenceName, V = Sequence },
            new() { N = BootName, Vs = Boot },
        };
        foreach (var reading in Readings)
        {
            var later = (reading.Time - baseTime).TotalSeconds;
            records.Add(new SenMlRecord { N = reading.Name, U = reading.Unit, V = reading.Value, T = later == 0 ? null : later });
        }

        return JsonSerializer.SerializeToUtf8Bytes(records, BusJson.Default.ListSenMlRecord);
    }

    /// <summary>Reads a SenML array with base name, time, unit and value as RFC 8428 section 4.6 resolves them; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out SenMlPack? pack)
    {
        pack = null;
        List<SenMlRecord>? records;
        try
        {
            records = JsonSerializer.Deserialize(json, BusJson.Default.ListSenMlRecord);
        }
        catch (JsonException)
        {
            return false;
        }

        return records is not null && records.TrueForAll(record => record is not null) && TryResolve(records, out pack);
    }

    private static bool TryResolve(List<SenMlRecord> records, out SenMlPack? pack)
    {
        var (name, unit, time, value) = ("", "", 0.0, 0.0);
        var (boot, sequence, readings) = ("", 0L, new List<Reading>());
        pack = null;
        foreach (var record in records)
        {
            (name, unit, time, value) = (record.Bn ?? name, record.Bu ?? unit, record.Bt ?? time, record.Bv ?? value);
            var full = name + record.N;
            if (full.EndsWith(BootName, StringComparison.Ordinal))
            {
                boot = record.Vs ?? "";
            }
            else if (full.EndsWith(SequenceName, StringComparison.Ordinal))
            {
                sequence = (long)(value + (record.V ?? 0));
            }
            else if (record.V is { } number)
            {
                // Year 9999 in seconds: beyond it DateTimeOffset ends.
                var at = time + (record.T ?? 0);
                if (!double.IsFinite(value + number) || !(at is >= 0 and <= 253_402_300_799))
                {
                    return false;
                }

                readings.Add(new Reading(full, record.U ?? unit, value + number, DateTimeOffset.UnixEpoch.AddTicks((long)(at * TimeSpan.TicksPerSecond))));
            }
        }

        pack = new SenMlPack(boot, sequence, readings);
        return true;
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}

internal sealed record SenMlRecord
{
    [JsonPropertyName("bn")]
    public string? Bn { get; init; }

    [JsonPropertyName("bt")]
    public double? Bt { get; init; }

    [JsonPropertyName("bu")]
    public string? Bu { get; init; }

    [JsonPropertyName("bv")]
    public double? Bv { get; init; }

    [JsonPropertyName("n")]
    public string? N { get; init; }

    [JsonPropertyName("u")]
    public string? U { get; init; }

    [JsonPropertyName("v")]
    public double? V { get; init; }

    [JsonPropertyName("vs")]
    public string? Vs { get; init; }

    [JsonPropertyName("t")]
    public double? T { get; init; }
}
