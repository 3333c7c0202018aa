using System.Buffers.Binary;

namespace Anpr.Edge.Capture;

/// <summary>
/// What a fragmented MP4 says of when its pictures were taken: the Producer Reference Time boxes (`prft`, ISO/IEC 14496-12, 8.16.5), one for
/// each fragment. All other boxes are passed over.
/// </summary>
internal static class ProducerTimes
{
    private const int Header = 8;
    private const int LargeHeader = 16;
    private const int Body = 24;
    private const uint Prft = 0x70726674;
    private static readonly DateTimeOffset NtpEpoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The wall-clock time of each fragment and its place in the media's own time in seconds, in order, until the stream ends.</summary>
    /// <param name="mp4">The stream.</param>
    /// <param name="unitsPerSecond">Units of the track's time scale in a second.</param>
    /// <exception cref="InvalidDataException">A box is shorter than its own header.</exception>
    public static IEnumerable<(DateTimeOffset Wall, double Media)> Read(Stream mp4, int unitsPerSecond)
    {
        var bytes = new byte[Body];
        while (Fill(mp4, bytes.AsSpan(0, Header)))
        {
            long size = BinaryPrimitives.ReadUInt32BigEndian(bytes);
            var type = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4));
            var header = Header;
            if (size == 1)
            {
                if (!Fill(mp4, bytes.AsSpan(0, LargeHeader - Header)))
                {
                    yield break;
                }

                (size, header) = (BinaryPrimitives.ReadInt64BigEndian(bytes), LargeHeader);
            }

            if (size < header)
            {
                throw new InvalidDataException($"a box of {size} bytes, whose header alone has {header}");
            }

            if (type == Prft && size == header + Body)
            {
                if (!Fill(mp4, bytes))
                {
                    yield break;
                }

                yield return (Wall(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8))), (double)BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(16)) / unitsPerSecond);
            }
            else if (!Skip(mp4, size - header))
            {
                yield break;
            }
        }
    }

    // 32 bits of seconds since 1900 and 32 of their fraction (RFC 5905, section 6).
    private static DateTimeOffset Wall(ulong ntp) => NtpEpoch.AddTicks((long)((ntp >> 32) * TimeSpan.TicksPerSecond) + (long)(((ntp & uint.MaxValue) * TimeSpan.TicksPerSecond) >> 32));

    private static bool Fill(Stream from, Span<byte> to) => from.ReadAtLeast(to, to.Length, throwOnEndOfStream: false) == to.Length;

    private static bool Skip(Stream from, long bytes)
    {
        Span<byte> waste = stackalloc byte[4096];
        while (bytes > 0)
        {
            var read = from.Read(waste[..(int)Math.Min(bytes, waste.Length)]);
            if (read == 0)
            {
                return false;
            }

            bytes -= read;
        }

        return true;
    }
}
