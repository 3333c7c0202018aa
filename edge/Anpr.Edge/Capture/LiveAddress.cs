namespace Anpr.Edge.Capture;

/// <summary>What kind of live source an address names, and what ffmpeg must be told to read it.</summary>
/// <param name="Address">As given; may hold a password, so never logged: see <see cref="Shown"/>.</param>
/// <param name="Input">ffmpeg's arguments up to and with the input.</param>
/// <param name="Shown">The address without user and password.</param>
/// <param name="Cure">What to check when it cannot be opened.</param>
/// <param name="TellsTime">Whether the protocol carries the camera's own clock.</param>
internal sealed record LiveAddress(string Address, IReadOnlyList<string> Input, string Shown, string Cure, bool TellsTime = false)
{
    /// <summary>Reads an address. Throws <see cref="SourceException"/> when it is malformed or the device is absent.</summary>
    public static LiveAddress Parse(string address)
    {
        if (address.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return File.Exists(address)
                ? new(address, ["-f", "v4l2", "-i", address], address, "Check that the camera is plugged in, not in use, and that this user is in the group 'video'.")
                : throw new SourceException($"{address}: there is no such device. List them with: ls /dev/video*");
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw new SourceException($"{Hide(address)}: this is no stream address. Write it like rtsp://host:554/path or udp://0.0.0.0:5000.");
        }

        var shown = Hide(address);
        if (uri.Scheme.Equals("udp", StringComparison.OrdinalIgnoreCase))
        {
            return uri.Port > 0
                ? new(address, ["-analyzeduration", "500000", "-probesize", "500000", "-f", "mpegts", "-i", WithUdpDefaults(address)], shown, "Check that an MPEG-TS stream is sent to this address and port.")
                : throw new SourceException($"{shown}: the port is missing. Write it like udp://0.0.0.0:5000.");
        }

        return new(address, ["-rtsp_transport", "tcp", "-timeout", "5000000", "-i", address], shown, "Check host, port, path, user and password, and that the camera serves RTSP over TCP.", TellsTime: true);
    }

    private static string Hide(string address)
    {
        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = address.IndexOf('/', start);
        var at = address.LastIndexOf('@', end < 0 ? address.Length - 1 : end);
        return at > start ? address[..start] + address[(at + 1)..] : address;
    }

    // A timeout so that a silent port is told, and a buffer that holds two 1080p key frames (the kernel's default is 200 kB).
    private static string WithUdpDefaults(string address) =>
        address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "timeout=5000000&fifo_size=57000&overrun_nonfatal=1&buffer_size=2000000";
}
