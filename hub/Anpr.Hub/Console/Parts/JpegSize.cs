using System.Buffers.Binary;

namespace Anpr.Hub.Web.Parts;

/// <summary>Reads width and height from a JPEG's frame header (ITU-T T.81, B.2.2), without decoding it.</summary>
internal static class JpegSize
{
    /// <summary>Width and height in pixels; null when the bytes are no JPEG.</summary>
    public static (int Width, int Height)? Read(ReadOnlySpan<byte> jpeg)
    {
        for (var at = 2; at + 9 < jpeg.Length && jpeg[at] == 0xFF;)
        {
            var marker = jpeg[at + 1];

            // Start of frame, any coding; C4, C8 and CC are tables that share its range.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 5)..]));
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
        }

        return null;
    }
}
