using System.Buffers.Binary;

namespace Anpr.Benchmarks.Fuzz;

/// <summary>Ways in which files and streams are damaged. Pure: the same random numbers give the same bytes.</summary>
internal static class Damage
{
    private const int MostNoise = 20_000;

    private static readonly uint[] Extremes = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0xFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

    /// <summary>One to three kinds of damage, one after the other.</summary>
    public static byte[] Of(byte[] whole, Random random)
    {
        var bytes = whole;
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            bytes = Once([.. bytes], random);
        }

        // Otherwise most damage of a PNG is told by its first checksum, and never seen by what unpacks it.
        if (random.Next(2) == 0)
        {
            PngChecksums.Mend(bytes);
        }

        return bytes;
    }

    /// <summary>Nothing but random bytes, at times behind the first ones of a whole file.</summary>
    public static byte[] Noise(byte[] whole, Random random)
    {
        var bytes = new byte[random.Next(1, MostNoise)];
        random.NextBytes(bytes);
        whole.AsSpan(0, Math.Min(random.Next(3) * 12, Math.Min(whole.Length, bytes.Length))).CopyTo(bytes);
        return bytes;
    }

    private static byte[] Once(byte[] bytes, Random random)
    {
        switch (random.Next(7))
        {
            case 0: // flipped bits
                for (var flips = random.Next(1, 65); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
            case 1: // the end is missing
                return bytes[..random.Next(1, bytes.Length + 1)];
            case 2: // two pieces swapped
                var (a, b) = (Piece(bytes, random), Piece(bytes, random));
                var first = bytes[a];
                var second = bytes[b];
                second.AsSpan(0, Math.Min(second.Length, first.Length)).CopyTo(bytes.AsSpan(a));
                first.AsSpan(0, Math.Min(second.Length, first.Length)).CopyTo(bytes.AsSpan(b));
                return bytes;
            case 3: // a run of zeros
                bytes.AsSpan(Piece(bytes, random)).Clear();
                return bytes;
            case 4: // random bytes in the header
                for (var hits = random.Next(1, 9); hits > 0; hits--)
                {
                    bytes[random.Next(Math.Min(64, bytes.Length))] = (byte)random.Next(256);
                }

                return bytes;
            case 5: // a field of a header with an extreme number
                Field(bytes.AsSpan(random.Next(Math.Min(600, bytes.Length))), random);
                return bytes;
            default: // a piece comes twice
                var piece = Piece(bytes, random);
                return [.. bytes[..piece.End], .. bytes[piece]];
        }
    }

    private static Range Piece(byte[] bytes, Random random)
    {
        var from = random.Next(bytes.Length);
        return from..Math.Min(bytes.Length, from + random.Next(1, 1 + (bytes.Length / 4) + 1));
    }

    private static void Field(Span<byte> at, Random random)
    {
        var value = random.Next(2) == 0 ? Extremes[random.Next(Extremes.Length)] : (uint)random.NextInt64(1L << 32);
        var field = new byte[4];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(field, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(field, value);
        }

        field.AsSpan(0, Math.Min(at.Length, random.Next(2) == 0 ? 4 : 2)).CopyTo(at);
    }
}
