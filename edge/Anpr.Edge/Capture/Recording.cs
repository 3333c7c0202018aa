using System.Diagnostics;
using System.Globalization;

namespace Anpr.Edge.Capture;

/// <summary>What a video file says of itself.</summary>
/// <param name="Start">When it was taken, UTC; null when it does not say.</param>
/// <param name="End">Stream time at which its pictures claim to end; null when it does not say, or only when its sound does.</param>
/// <param name="FrameSeconds">Seconds from one frame to the next, by the rate that it claims.</param>
internal readonly record struct Recording(DateTimeOffset? Start, TimeSpan? End, double FrameSeconds)
{
    private const double UsualFrameSeconds = 0.04;
    private const double LongestSeconds = 1e9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks ffprobe; all is unknown when the file is none or ffprobe is not installed.</summary>
    public static Recording Of(string path)
    {
        var start = new ProcessStartInfo("ffprobe") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        string[] arguments =
        [
            "-v", "quiet", .. VideoSource.FilesOnly, "-select_streams", "v:0", "-of", "default=noprint_wrappers=1",
            "-show_entries", "stream=nb_frames,avg_frame_rate,duration:stream_tags=DURATION:format=nb_streams,format_name,duration:format_tags=creation_time", "-i", "file:" + path,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var probe = Process.Start(start);
            if (probe is null)
            {
                return Parse("");
            }

            probe.StandardInput.Close();
            probe.ErrorDataReceived += static (_, _) => { };
            probe.BeginErrorReadLine();
            var text = probe.StandardOutput.ReadToEndAsync();
            if (!probe.WaitForExit(Patience))
            {
                probe.Kill();
                return Parse("");
            }

            return Parse(text.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return Parse("");
        }
    }

    /// <summary>Reads ffprobe's lines KEY=VALUE; the stream's come before the container's.</summary>
    internal static Recording Parse(string text)
    {
        DateTimeOffset? start = null;
        double? pictures = null, whole = null, rate = null;
        TimeSpan? tagged = null;
        long? frames = null;
        var (lone, container) = (false, "");
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            var value = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
            switch (line[..^value.Length])
            {
                case "nb_frames=":
                    frames = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
                    break;
                case "nb_streams=":
                    lone = value == "1";
                    break;
                case "format_name=":
                    container = value;
                    break;
                case "TAG:DURATION=":
                    tagged = Length(value);
                    break;
                case "avg_frame_rate=":
                    rate = Rate(value);
                    break;
                case "duration=":
                    (pictures, whole) = container.Length == 0 ? (Seconds(value), whole) : (pictures, Seconds(value));
                    break;
                case "TAG:creation_time=":
                    start = Time(value);
                    break;
            }
        }

        // An AVI has one rate; of one that is cut, ffprobe guesses the length from what is left of it. Matroska tells the length of its streams
        // in tags only: without one, ffprobe gives that of the whole. The whole may be as long as its sound.
        var own = container == "avi" && frames / rate is { } all and > 0 and < LongestSeconds ? all
            : container.StartsWith("matroska", StringComparison.Ordinal) ? null
            : pictures;
        var end = tagged ?? ((own ?? (lone ? whole : null)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        return new(start, end, 1 / rate ?? UsualFrameSeconds);
    }

    private static double? Seconds(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < LongestSeconds ? seconds : null;

    // HH:MM:SS with nine decimals.
    private static TimeSpan? Length(string text) =>
        text.Split(':') is [var h, var m, var s]
        && uint.TryParse(h, NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
        && uint.TryParse(m, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
        && double.TryParse(s, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && (3600.0 * hours) + (60.0 * minutes) + seconds is > 0 and < LongestSeconds and var all
            ? TimeSpan.FromSeconds(all)
            : null;

    // Written as a fraction of whole numbers; 0/0 when it is not known.
    private static double? Rate(string fraction) =>
        fraction.Split('/') is [var a, var b] && int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var over) && int.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out var under) && over > 0 && under > 0
            ? (double)over / under
            : null;

    // Muxers that do not know write the epoch of their format (1904 or 1970): earlier than digital cameras is unknown.
    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year >= 1990
            ? time
            : null;
}
