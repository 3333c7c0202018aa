using System.Diagnostics;
using System.Globalization;

namespace Anpr.Edge.Capture;

/// <summary>Asks ffprobe when a recording began.</summary>
internal static class RecordingStart
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The container's creation time, UTC; null when it has none or ffprobe is not installed.</summary>
    public static DateTimeOffset? Of(string path)
    {
        var start = new ProcessStartInfo("ffprobe") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in new[] { "-v", "quiet", "-show_entries", "format_tags=creation_time", "-of", "csv=p=0", "file:" + path })
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var probe = Process.Start(start);
            if (probe is null)
            {
                return null;
            }

            probe.StandardInput.Close();
            probe.ErrorDataReceived += static (_, _) => { };
            probe.BeginErrorReadLine();
            var text = probe.StandardOutput.ReadToEndAsync();
            if (!probe.WaitForExit(Patience))
            {
                probe.Kill();
                return null;
            }

            return Parse(text.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    // Muxers that do not know write the epoch of their format (1904 or 1970): earlier than digital cameras is unknown.
    internal static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParse(text.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year >= 1990
            ? time
            : null;
}
