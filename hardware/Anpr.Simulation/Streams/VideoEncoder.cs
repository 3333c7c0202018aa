using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Anpr.Simulation.Processes;
using Anpr.Simulation.Scene;
using OpenCvSharp;

namespace Anpr.Simulation.Streams;

/// <summary>An H.264 stream or file made by a child ffmpeg, frame by frame. Ends with this program, however it ends. Not thread-safe.</summary>
internal sealed class VideoEncoder : IDisposable
{
    // A camera's usual group of pictures at 5 frames a second is 2 s: whoever joins late waits no longer.
    private const int KeyframeSeconds = 2;

    private static readonly TimeSpan EndWait = TimeSpan.FromSeconds(10);

    private readonly Process _ffmpeg;
    private readonly string _target;
    private readonly byte[] _bytes = new byte[LaneView.WidthPx * LaneView.HeightPx * 3 / 2];
    private readonly Mat _yuv = new();
    private readonly Queue<string> _words = new();

    /// <summary>Starts it.</summary>
    /// <param name="target">udp://host:port (MPEG-TS), rtsp://… (published over TCP) or the name of a file.</param>
    /// <param name="framesPerSecond">Rate of the stream.</param>
    /// <exception cref="InputException">There is no ffmpeg.</exception>
    public VideoEncoder(string target, int framesPerSecond)
    {
        _target = target;
        var start = new ProcessStartInfo("setpriv") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true };
        foreach (var argument in Arguments(target, framesPerSecond))
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            _ffmpeg = LastingThread.Run(() => Process.Start(start)!);
        }
        catch (Win32Exception error)
        {
            throw new InputException("ffmpeg cannot be started. Install it: apt-get install ffmpeg", error);
        }

        _ffmpeg.ErrorDataReceived += (_, line) => Keep(line.Data);
        _ffmpeg.BeginErrorReadLine();
    }

    /// <summary>Sends one frame: BGR, 960 x 540.</summary>
    /// <exception cref="InputException">The child has ended; with its last words.</exception>
    public void Write(Mat frame)
    {
        Cv2.CvtColor(frame, _yuv, ColorConversionCodes.BGR2YUV_I420);
        System.Runtime.InteropServices.Marshal.Copy(_yuv.Data, _bytes, 0, _bytes.Length);
        try
        {
            _ffmpeg.StandardInput.BaseStream.Write(_bytes);
        }
        catch (IOException error)
        {
            throw new InputException($"{_target}: the video cannot be written ({LastWords()})", error);
        }
    }

    /// <summary>Finishes the stream and waits for the child.</summary>
    public void Dispose()
    {
        try
        {
            _ffmpeg.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already: nothing is left to flush.
        }

        if (!_ffmpeg.WaitForExit(EndWait))
        {
            _ffmpeg.Kill();
        }

        _ffmpeg.Dispose();
        _yuv.Dispose();
    }

    private static IEnumerable<string> Arguments(string target, int framesPerSecond)
    {
        var rate = framesPerSecond.ToString(CultureInfo.InvariantCulture);
        string[] input = ["--pdeathsig", "KILL", "ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", $"{LaneView.WidthPx}x{LaneView.HeightPx}", "-r", rate, "-i", "pipe:0"];
        string[] coder =
        [
            "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-crf", "23", "-threads", "1",
            "-g", (framesPerSecond * KeyframeSeconds).ToString(CultureInfo.InvariantCulture), "-pix_fmt", "yuv420p",
        ];
        string[] output = target switch
        {
            _ when target.StartsWith("udp://", StringComparison.Ordinal) => ["-muxdelay", "0", "-muxpreload", "0", "-flush_packets", "1", "-f", "mpegts", $"{target}?pkt_size=1316"],
            _ when target.StartsWith("rtsp://", StringComparison.Ordinal) => ["-rtsp_transport", "tcp", "-f", "rtsp", target],
            _ => ["-y", target],
        };
        return [.. input, .. coder, .. output];
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_words)
        {
            _words.Enqueue(line);
            while (_words.Count > 5)
            {
                _words.Dequeue();
            }
        }
    }

    private string LastWords()
    {
        lock (_words)
        {
            return _words.Count == 0 ? "ffmpeg ended without a word" : _words.Last();
        }
    }
}
