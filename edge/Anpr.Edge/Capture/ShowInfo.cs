using System.Buffers.Text;

namespace Anpr.Edge.Capture;

/// <summary>One frame as ffmpeg's showinfo filter announces it: its stream time (null when it has none) and its size in pixels.</summary>
internal readonly record struct ShowInfo(TimeSpan? StreamTime, int Width, int Height)
{
    // Larger pictures are refused: see ImageHeader.
    private const int LongestSide = 99_999;

    /// <summary>Reads a line of ffmpeg's log (ASCII, without its end); false when it announces no frame.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ShowInfo info)
    {
        info = default;
        if (!line.StartsWith("[Parsed_showinfo_"u8) || line.IndexOf("] n:"u8) < 0)
        {
            return false;
        }

        // Their order is showinfo's: the time comes before the size.
        if (!TrySkipTo(ref line, " pts_time:"u8))
        {
            return false;
        }

        TimeSpan? time = Utf8Parser.TryParse(line, out double seconds, out var read) && read > 0 && Math.Abs(seconds) < 1e10 ? TimeSpan.FromSeconds(seconds) : null;
        if (!TrySkipTo(ref line, " s:"u8) || !TryParseSide(ref line, out var width) || line is not [(byte)'x', .. var rest] || !TryParseSide(ref rest, out var height) || rest is not [(byte)' ', ..])
        {
            return false;
        }

        info = new(time, width, height);
        return true;
    }

    private static bool TrySkipTo(ref ReadOnlySpan<byte> line, ReadOnlySpan<byte> key)
    {
        var at = line.IndexOf(key);
        line = at < 0 ? line : line[(at + key.Length)..];
        return at >= 0;
    }

    private static bool TryParseSide(ref ReadOnlySpan<byte> line, out int side)
    {
        var done = Utf8Parser.TryParse(line, out side, out var read) && side is > 0 and <= LongestSide;
        line = line[read..];
        return done;
    }
}
