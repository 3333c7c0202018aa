using System.Diagnostics;

namespace Anpr.Edge.Tests.Capture;

/// <summary>Runs ffmpeg and other programs for tests; each is ended with the test.</summary>
internal static class TestVideo
{
    /// <summary>Makes a moving test picture.</summary>
    public static string Make(string path, string size = "320x240", double seconds = 2, int fps = 10, params string[] codec)
    {
        var length = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string[] encoder = codec.Length > 0 ? codec : ["-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-pix_fmt", "yuv420p"];
        Run("ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", $"testsrc=size={size}:rate={fps}:duration={length}", .. encoder, path]);
        return path;
    }

    public static void Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}");
    }

    /// <summary>A program that ends with this process at the latest.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("setpriv") { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["--pdeathsig", "KILL", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>The words of a process, each ended by a zero; empty when it has ended.</summary>
    public static string CommandLineOf(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>A UDP port that was free a moment ago.</summary>
    public static int FreeUdpPort()
    {
        using var socket = new System.Net.Sockets.UdpClient(0);
        return ((System.Net.IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
