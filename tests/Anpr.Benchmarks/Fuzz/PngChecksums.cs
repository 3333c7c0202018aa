using System.Buffers.Binary;

namespace Anpr.Benchmarks.Fuzz;

/// <summary>Checksums of a PNG's chunks (ISO/IEC 15948, 5.3 and annex D).</summary>
internal static class PngChecksums
{
    private const uint Polynomial = 0xEDB88320;

    /// <summary>Makes every chunk's checksum right, in place; other files stay as they are.</summary>
    public static void Mend(byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
        {
            return;
        }

        // Length, type, content, checksum.
        for (var at = 8L; at + 12 <= bytes.Length;)
        {
            var end = at + 8 + BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)at));
            if (end + 4 > bytes.Length)
            {
                return;
            }

            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((int)end), Of(bytes.AsSpan((int)at + 4, (int)(end - at) - 4)));
            at = end + 4;
        }
    }

    private static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * Polynomial);
            }
        }

        return ~sum;
    }
}
