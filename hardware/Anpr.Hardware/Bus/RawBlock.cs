using System.Buffers.Binary;

namespace Anpr.Hardware.Bus;

/// <summary>
/// A run of fast samples, little-endian on the wire:
/// <c>seq u32 | t0 i64 (µs since 1970, UTC) | rate f32 (Hz) | scale f32 (units per count, 0 = unknown) | channels u8 | 4 (bytes a sample) u8 | samples u16 (per channel)</c>,
/// then the samples as i32, all channels of one moment together.
/// </summary>
/// <param name="Sequence">Grows by one with each block, wraps at 2^32; a gap shows a lost block.</param>
/// <param name="Start">Device time of the first sample, UTC.</param>
/// <param name="RateHz">Samples a second and channel, above 0, at most 4,000; a block lasts a minute at most.</param>
/// <param name="Scale">Physical units per count; 0 when the sensitivity is unknown.</param>
/// <param name="Channels">1..32.</param>
/// <param name="Counts">Samples x channels, row by row.</param>
public sealed record RawBlock(uint Sequence, DateTimeOffset Start, float RateHz, float Scale, int Channels, int[] Counts)
{
    /// <summary>Bytes before the first sample.</summary>
    public const int HeaderBytes = 24;

    /// <summary>Channels of one device at most.</summary>
    internal const int MaxChannels = 32;

    private const int SampleBytes = 4;

    /// <summary>Far above any geophone (500) and below what a lane box can work through in a second.</summary>
    private const float MostHz = 4000;

    private const float LongestSeconds = 60;

    /// <summary>Samples of each channel.</summary>
    public int Samples => Counts.Length / Channels;

    /// <summary>The block in its wire form.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + (Counts.Length * SampleBytes)];
        var span = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(span, Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(span[4..], (Start - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        BinaryPrimitives.WriteSingleLittleEndian(span[12..], RateHz);
        BinaryPrimitives.WriteSingleLittleEndian(span[16..], Scale);
        span[20] = checked((byte)Channels);
        span[21] = SampleBytes;
        BinaryPrimitives.WriteUInt16LittleEndian(span[22..], checked((ushort)Samples));
        for (var i = 0; i < Counts.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(span[(HeaderBytes + (i * SampleBytes))..], Counts[i]);
        }

        return bytes;
    }

    /// <summary>Reads <see cref="ToBytes"/>; false when the length, a count or a rate makes no sense.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RawBlock? block)
    {
        block = null;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        var micros = BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]);
        var rate = BinaryPrimitives.ReadSingleLittleEndian(bytes[12..]);
        var scale = BinaryPrimitives.ReadSingleLittleEndian(bytes[16..]);
        var (channels, samples) = (bytes[20], BinaryPrimitives.ReadUInt16LittleEndian(bytes[22..]));
        // 253,402,300,799 s after 1970 DateTimeOffset ends.
        if (channels is 0 or > MaxChannels || bytes[21] != SampleBytes || samples == 0 || !float.IsFinite(scale) || scale < 0
            || !(rate is > 0 and <= MostHz) || samples / rate > LongestSeconds || micros is < 0 or > 253_402_300_799_000_000
            || bytes.Length != HeaderBytes + (channels * samples * SampleBytes))
        {
            return false;
        }

        var counts = new int[channels * samples];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(HeaderBytes + (i * SampleBytes))..]);
        }

        var start = DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
        block = new RawBlock(BinaryPrimitives.ReadUInt32LittleEndian(bytes), start, rate, scale, channels, counts);
        return true;
    }
}
