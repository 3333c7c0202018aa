using System.Globalization;
using System.Text.RegularExpressions;

namespace Anpr.Edge.Capture;

/// <summary>One frame as ffmpeg's showinfo filter announces it: its stream time (null when it has none) and its size in pixels.</summary>
internal readonly partial record struct ShowInfo(TimeSpan? StreamTime, int Width, int Height)
{
    /// <summary>Reads a line of ffmpeg's log; false when it announces no frame.</summary>
    public static bool TryParse(string line, out ShowInfo info)
    {
        info = default;
        var match = Pattern().Match(line);
        if (!match.Success ||
            !int.TryParse(match.Groups["w"].ValueSpan, CultureInfo.InvariantCulture, out var width) ||
            !int.TryParse(match.Groups["h"].ValueSpan, CultureInfo.InvariantCulture, out var height))
        {
            return false;
        }

        TimeSpan? time = double.TryParse(match.Groups["t"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var s) && Math.Abs(s) < 1e10
            ? TimeSpan.FromSeconds(s)
            : null;
        info = new(time, width, height);
        return true;
    }

    [GeneratedRegex(@"^\[Parsed_showinfo_\d+ @ \S+\] n:\s*\d+ pts:\s*\S+ pts_time:(?<t>\S+) .*? s:(?<w>\d{1,5})x(?<h>\d{1,5}) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
