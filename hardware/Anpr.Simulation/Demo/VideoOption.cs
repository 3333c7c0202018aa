using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Demo;

/// <summary>Reads <c>--video PORT=SOURCE</c>.</summary>
internal static class VideoOption
{
    private static readonly string[] Schemes = ["rtsp://", "rtsps://", "udp://"];

    /// <summary>The sources by port; files and folders as full paths.</summary>
    /// <exception cref="InputException">A value is no PORT=SOURCE, names a port twice or one that does not exist, or a file that is not there.</exception>
    public static IReadOnlyDictionary<string, string> Parse(IReadOnlyList<string> values)
    {
        var videos = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            var equals = value.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == value.Length - 1)
            {
                throw new InputException($"--video {value}: write it as PORT=SOURCE, for example calais=clip.mp4");
            }

            var port = value[..equals];
            if (!TrafficPlan.Ports.Contains(port, StringComparer.Ordinal))
            {
                throw new InputException($"--video {value}: there is no port '{port}'. The ports are {string.Join(", ", TrafficPlan.Ports)}");
            }

            if (!videos.TryAdd(port, Source(value, value[(equals + 1)..])))
            {
                throw new InputException($"--video {value}: {port} has a source already. Give each port once");
            }
        }

        return videos;
    }

    private static string Source(string value, string source)
    {
        if (Array.Find(Schemes, scheme => source.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is { } scheme)
        {
            return source.Length > scheme.Length ? source : throw new InputException($"--video {value}: {source} is no address. Write it as rtsp://host:port/path or udp://host:port");
        }

        if (File.Exists(source))
        {
            return Path.GetFullPath(source);
        }

        if (!Directory.Exists(source))
        {
            throw new InputException($"--video {value}: {source} does not exist. Give a video, a folder of images, a device or an rtsp:// or udp:// address");
        }

        return Directory.EnumerateFiles(source).Any() ? Path.GetFullPath(source) : throw new InputException($"--video {value}: the folder {source} is empty. Give one that holds images");
    }
}
