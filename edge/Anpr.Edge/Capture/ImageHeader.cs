using System.Buffers.Binary;

namespace Anpr.Edge.Capture;

/// <summary>File formats of pictures, told by their first bytes.</summary>
internal enum ImageKind
{
    Unknown,
    Jpeg,
    Png,
    Webp,
    Bmp,
    Tiff,
    Gif,
    Netpbm,
    Jpeg2000,
    Other,
}

/// <summary>What a picture's header says before anything is decoded. Sizes are null where they could not be found.</summary>
/// <param name="Kind">Its format.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="FloatingPoint">True: its pixels are not whole numbers.</param>
/// <param name="Cut">True: a part of it claims to be longer than the file.</param>
internal readonly record struct ImageHeader(ImageKind Kind, long? Width = null, long? Height = null, bool FloatingPoint = false, bool Cut = false)
{
    public static ImageKind KindOf(ReadOnlySpan<byte> b) => b switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageKind.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => ImageKind.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageKind.Webp,
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => ImageKind.Bmp,
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => ImageKind.Tiff,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => ImageKind.Gif,
        [(byte)'P', >= (byte)'1' and <= (byte)'6', (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t', ..] => ImageKind.Netpbm,
        [0, 0, 0, 12, (byte)'j', (byte)'P', ..] => ImageKind.Jpeg2000,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', (byte)'f' or (byte)'s', ..] => ImageKind.Other,
        _ => ImageKind.Unknown,
    };

    /// <summary>Reads what the header says; never throws on damaged bytes.</summary>
    public static ImageHeader Parse(ReadOnlySpan<byte> b)
    {
        var kind = KindOf(b);
        return kind switch
        {
            ImageKind.Png when b.Length >= 24 => new(kind, U32(b, 16, false), U32(b, 20, false), Cut: IsCutPng(b)),
            ImageKind.Gif when b.Length >= 10 => new(kind, BinaryPrimitives.ReadUInt16LittleEndian(b[6..]), BinaryPrimitives.ReadUInt16LittleEndian(b[8..])),
            ImageKind.Bmp when b.Length >= 26 => new(kind, Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(b[18..])), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(b[22..]))),
            ImageKind.Webp => Webp(b),
            ImageKind.Jpeg => Jpeg(b),
            ImageKind.Tiff when b.Length >= 8 => Tiff(b),
            ImageKind.Netpbm => Netpbm(b),
            ImageKind.Jpeg2000 => Jpeg2000(b),
            _ => new(kind),
        };
    }

    // ISO/IEC 15948, 5.3: chunks of length, type, content and checksum. OpenCV takes memory for the length that a chunk claims, up to 2 GB,
    // before it looks whether there is so much.
    private static bool IsCutPng(ReadOnlySpan<byte> b)
    {
        for (var at = 8L; at + 8 <= b.Length; at += 12 + U32(b, (int)at, false))
        {
            if (b.Slice((int)at + 4, 4).SequenceEqual("IEND"u8))
            {
                return false;
            }

            if (at + 12 + U32(b, (int)at, false) > b.Length)
            {
                return true;
            }
        }

        return false;
    }

    // RFC 9649, sections 2.5 to 2.7
    private static ImageHeader Webp(ReadOnlySpan<byte> b)
    {
        if (b.Length < 30)
        {
            return new(ImageKind.Webp);
        }

        return b[15] switch
        {
            (byte)'X' => new(ImageKind.Webp, 1 + (b[24] | b[25] << 8 | b[26] << 16), 1 + (b[27] | b[28] << 8 | b[29] << 16)),
            (byte)'L' => new(ImageKind.Webp, 1 + ((b[21] | b[22] << 8) & 0x3FFF), 1 + ((b[22] >> 6 | b[23] << 2 | b[24] << 10) & 0x3FFF)),
            _ => new(ImageKind.Webp, BinaryPrimitives.ReadUInt16LittleEndian(b[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(b[28..]) & 0x3FFF),
        };
    }

    // ITU-T T.81, annex B: walk the segments to the frame header (SOF0..SOF15 without DHT, JPG, DAC).
    private static ImageHeader Jpeg(ReadOnlySpan<byte> b)
    {
        var i = 2;
        while (i + 9 < b.Length)
        {
            if (b[i] != 0xFF || b[i + 1] is 0xFF or 0x00 or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                i++;
                continue;
            }

            if (b[i + 1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return new(ImageKind.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(b[(i + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(b[(i + 5)..]));
            }

            i += 2 + BinaryPrimitives.ReadUInt16BigEndian(b[(i + 2)..]);
        }

        return new(ImageKind.Jpeg);
    }

    // TIFF 6.0, section 2: tags 256 (width), 257 (length), 339 (sample format, 3 = floating point) of the first directory.
    private static ImageHeader Tiff(ReadOnlySpan<byte> b)
    {
        var little = b[0] == 'I';
        var at = U32(b, 4, little);
        var header = new ImageHeader(ImageKind.Tiff);
        if (at + 2L > b.Length)
        {
            return header;
        }

        var entries = U16(b, (int)at, little);
        for (var k = 0; k < entries && at + 2 + (12 * (k + 1)) <= b.Length; k++)
        {
            var entry = (int)at + 2 + (12 * k);
            long value = U16(b, entry + 2, little) == 3 ? U16(b, entry + 8, little) : U32(b, entry + 8, little);
            header = U16(b, entry, little) switch
            {
                256 => header with { Width = value },
                257 => header with { Height = value },
                339 when U32(b, entry + 4, little) <= 2 => header with { FloatingPoint = value == 3 },
                _ => header,
            };
        }

        return header;
    }

    // pbm(5) to ppm(5): two numbers in ASCII behind the kind; comments go from # to the end of their line.
    private static ImageHeader Netpbm(ReadOnlySpan<byte> b)
    {
        var at = 2;
        return new(ImageKind.Netpbm, Number(b, ref at), Number(b, ref at));
    }

    private static long? Number(ReadOnlySpan<byte> b, ref int at)
    {
        for (var comment = false; at < b.Length && (comment || !char.IsAsciiDigit((char)b[at])); at++)
        {
            comment = comment ? b[at] is not ((byte)'\n' or (byte)'\r') : b[at] == '#';
        }

        long? number = null;
        for (; at < b.Length && char.IsAsciiDigit((char)b[at]); at++)
        {
            number = Math.Min(((number ?? 0) * 10) + b[at] - '0', int.MaxValue);
        }

        return number;
    }

    // ITU-T T.800, A.5.1: the SIZ segment, which begins the code stream, is what is decoded by; corners of the picture in its grid.
    private static ImageHeader Jpeg2000(ReadOnlySpan<byte> b)
    {
        var start = b.IndexOf((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]);
        return start < 0 || start + 24 > b.Length
            ? new(ImageKind.Jpeg2000)
            : new(ImageKind.Jpeg2000, (long)U32(b, start + 8, false) - U32(b, start + 16, false), (long)U32(b, start + 12, false) - U32(b, start + 20, false));
    }

    private static ushort U16(ReadOnlySpan<byte> b, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(b[at..]) : BinaryPrimitives.ReadUInt16BigEndian(b[at..]);

    private static uint U32(ReadOnlySpan<byte> b, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(b[at..]) : BinaryPrimitives.ReadUInt32BigEndian(b[at..]);
}
