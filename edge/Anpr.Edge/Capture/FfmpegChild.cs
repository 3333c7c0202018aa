using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>
/// Debian's ffmpeg decoding one live source into a pipe. Start it on a thread that lives as long as the child: the kernel ends the child
/// (PR_SET_PDEATHSIG through setpriv) when the thread that started it ends, so it survives neither our end nor our kill -9.
/// </summary>
internal sealed class FfmpegChild : IDisposable
{
    private const int Remembered = 20;

    private readonly Process _process;
    private readonly Stream _pixels;
    private readonly BlockingCollection<ShowInfo> _announced = [];
    private readonly ConcurrentQueue<string> _said = new();
    private byte[] _buffer = [];

    private FfmpegChild(Process process)
    {
        _process = process;
        _pixels = process.StandardOutput.BaseStream;
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>The last line in which ffmpeg said what is wrong; empty when it said nothing.</summary>
    public string Complaint => _said.LastOrDefault(l => l.Length > 0) ?? "";

    /// <summary>Starts decoding. Throws <see cref="SourceException"/> when ffmpeg cannot be started.</summary>
    public static FfmpegChild Start(LiveAddress address)
    {
        var start = new ProcessStartInfo("setpriv") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        string[] arguments =
        [
            "--pdeathsig", "KILL", "ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info",
            .. address.Input,
            "-copyts", "-an", "-sn", "-dn", "-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0,showinfo=checksum=0",
            "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "nv12", "pipe:1",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return new(Process.Start(start) ?? throw new InvalidOperationException("no process"));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new SourceException($"{address.Shown}: ffmpeg cannot be started. Install it: apt-get install ffmpeg util-linux", e);
        }
    }

    /// <summary>Waits for the next frame; false at the end of the stream. The picture is the caller's.</summary>
    public bool TryRead(out ShowInfo info, out Mat image)
    {
        image = null!;
        if (!_announced.TryTake(out info, Timeout.Infinite))
        {
            return false;
        }

        var bytes = info.Width * info.Height * 3 / 2;
        if (_buffer.Length != bytes)
        {
            _buffer = new byte[bytes];
        }

        if (_pixels.ReadAtLeast(_buffer, bytes, throwOnEndOfStream: false) < bytes)
        {
            return false;
        }

        image = ToBgr(_buffer, info);
        return true;
    }

    /// <summary>Ends the child at once; <see cref="TryRead"/> then returns false. Callable from any thread.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // it has ended by itself
        }
    }

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
        _announced.Dispose();
    }

    private static Mat ToBgr(byte[] nv12, ShowInfo info)
    {
        var pin = GCHandle.Alloc(nv12, GCHandleType.Pinned);
        try
        {
            using var planes = Mat.FromPixelData(info.Height * 3 / 2, info.Width, MatType.CV_8UC1, pin.AddrOfPinnedObject());
            var image = new Mat();
            Cv2.CvtColor(planes, image, ColorConversionCodes.YUV2BGR_NV12);
            return image;
        }
        finally
        {
            pin.Free();
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            _announced.CompleteAdding();
        }
        else if (ShowInfo.TryParse(line, out var info))
        {
            _announced.Add(info);
        }
        else if (line.Length > 0 && line[0] is not (' ' or '[') && !line.StartsWith("Input #", StringComparison.Ordinal) && !line.StartsWith("Output #", StringComparison.Ordinal))
        {
            _said.Enqueue(line);
            while (_said.Count > Remembered)
            {
                _said.TryDequeue(out _);
            }
        }
    }
}
