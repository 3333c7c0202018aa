using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Anpr.Edge.Capture;

/// <summary>
/// How far a camera's clock is from the box's. An RTSP camera tells its own time with RTCP sender reports (RFC 3550, section 6.4.1); ffmpeg
/// puts it into the `prft` boxes of a fragmented MP4, and the box's own time as long as no report has come. The two are told apart by
/// holding ffmpeg for a second: what it stamps itself is bunched afterwards, what the camera stamped is not.
/// </summary>
internal static partial class CameraClock
{
    private const int UnitsPerSecond = 90_000;
    private const int FewestPictures = 5;

    private static readonly TimeSpan Held = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Running = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(4);

    // Pictures that are sent out of order differ by some frames between the time of their place and the time of their taking.
    private static readonly double Bunched = 0.7 * Held.TotalSeconds;
    private static readonly double Steady = 0.3 * Held.TotalSeconds;

    // Senders report every 5 s or more often (RFC 3550, section 6.2).
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The camera's clock minus the box's, less what encoder and network take; right to 0.4 s; null when the camera does not tell its
    /// time, or cannot be opened once more. Opens the stream a second time for 4 to 20 s. Call it on a thread that lives as long (see <see cref="FfmpegChild"/>).
    /// </summary>
    public static TimeSpan? Measure(LiveAddress address, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            using var child = Start(address);
            using var registration = cancel.Register(child.Kill);
            using var patience = time.CreateTimer(_ => child.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
            using var holder = new Holder(child.Id, time);
            try
            {
                return FromPictures(ProducerTimes.Read(child.StandardOutput.BaseStream, UnitsPerSecond).Select(p => (time.GetUtcNow(), p.Wall, p.Media)));
            }
            finally
            {
                holder.Dispose();
                child.Kill();
                child.WaitForExit();
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or SourceException)
        {
            // Not measured: ffmpeg is missing (the source itself says so), was ended, or wrote something else than was asked of it.
            return null;
        }
    }

    /// <summary>The difference that these pictures tell, or null when they end before they do.</summary>
    internal static TimeSpan? FromPictures(IEnumerable<(DateTimeOffset Arrival, DateTimeOffset Wall, double Media)> pictures)
    {
        var window = new Queue<(DateTimeOffset Arrival, double Delay, double Stamp, TimeSpan Ahead)>();
        DateTimeOffset? first = null;
        foreach (var (arrival, wall, media) in pictures)
        {
            first ??= arrival;
            window.Enqueue((arrival, (arrival - first.Value).TotalSeconds - media, (wall - first.Value).TotalSeconds - media, wall - arrival));
            while (arrival - window.Peek().Arrival > Window)
            {
                window.Dequeue();
            }

            if (window.Count >= FewestPictures && window.Max(p => p.Delay) - window.Min(p => p.Delay) >= Bunched && window.Max(p => p.Stamp) - window.Min(p => p.Stamp) <= Steady)
            {
                // The picture that was the quickest from the camera to here.
                return window.Max(p => p.Ahead);
            }
        }

        return null;
    }

    private static Process Start(LiveAddress address) => FfmpegChild.Launch(
        [
            "-nostdin", "-loglevel", "quiet", .. address.Input, "-map", "0:v:0", "-c", "copy",
            "-f", "mp4", "-movflags", "frag_every_frame+empty_moov+default_base_moof", "-write_prft", "wallclock",
            "-video_track_timescale", UnitsPerSecond.ToString(CultureInfo.InvariantCulture), "-flush_packets", "1", "pipe:1",
        ],
        address.Shown);

    /// <summary>Stops a process now and then, until disposed; never afterwards, when another may have its number.</summary>
    private sealed partial class Holder : IDisposable
    {
        // Linux, signal(7), on x86-64 and ARM.
        private const int Stop = 19;
        private const int Continue = 18;

        private readonly Lock _gate = new();
        private readonly int _process;
        private readonly ITimer _timer;
        private bool _held;
        private bool _ended;

        public Holder(int process, TimeProvider time)
        {
            _process = process;
            _timer = time.CreateTimer(_ => Turn(), null, Running, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _ended = true;
            }

            _timer.Dispose();
        }

        private void Turn()
        {
            lock (_gate)
            {
                if (!_ended)
                {
                    _held = !_held;
                    _ = Signal(_process, _held ? Stop : Continue);
                    _timer.Change(_held ? Held : Running, Timeout.InfiniteTimeSpan);
                }
            }
        }

        [LibraryImport("libc", EntryPoint = "kill")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int Signal(int process, int signal);
    }
}
