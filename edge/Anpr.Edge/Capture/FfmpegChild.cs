using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>
/// Debian's ffmpeg decoding one source into a pipe. Start it on a thread that lives as long as the child: the kernel ends the child
/// (PR_SET_PDEATHSIG through setpriv) when the thread that started it ends, so it survives neither our end nor our kill -9.
/// </summary>
internal sealed partial class FfmpegChild : IDisposable
{
    private const int Remembered = 20;
    private const int LongestLine = 16_384;

    // F_SETPIPE_SZ of Linux (fcntl(2)); 1 MiB is the most that it allows without privileges, and where it refuses the size stays.
    private const int SetPipeSizeCommand = 1031;
    private const int PipeBytes = 1 << 20;

    private readonly Process _process;
    private readonly Stream _pixels;
    private readonly BlockingCollection<ShowInfo> _announced = [];
    private readonly ConcurrentQueue<string> _said = new();
    private readonly PixelPool _pool;
    private readonly Action<Mat> _giveBack;
    private readonly Thread _listener;

    private FfmpegChild(Process process, PixelPool pool)
    {
        (_process, _pool, _giveBack) = (process, pool, pool.Give);
        _pixels = process.StandardOutput.BaseStream;
        Enlarge(_pixels);
        _listener = new(Listen) { IsBackground = true, Name = "ffmpeg's words" };
        _listener.Start(process.StandardError.BaseStream);
    }

    /// <summary>The last line in which ffmpeg said what is wrong; empty when it said nothing.</summary>
    public string Complaint => _said.LastOrDefault(l => l.Length > 0) ?? "";

    /// <summary>Starts decoding. Throws <see cref="SourceException"/> when ffmpeg cannot be started.</summary>
    /// <param name="input">ffmpeg's arguments up to and with the input.</param>
    /// <param name="shown">The input's name for messages.</param>
    /// <param name="pool">Where the pixels of frames come from, and go in the end.</param>
    public static FfmpegChild Start(IReadOnlyList<string> input, string shown, PixelPool pool)
    {
        // A damaged header may claim any size. Without autoscale 0, frames come in the size of the first one and are announced in their own.
        string[] arguments =
        [
            "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info",
            "-max_pixels", ImageFile.MaxPixels.ToString(CultureInfo.InvariantCulture), .. input,
            "-copyts", "-an", "-sn", "-dn", "-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0,showinfo=checksum=0",
            "-autoscale", "0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1",
        ];
        return new(Launch(arguments, shown), pool);
    }

    /// <summary>Debian's ffmpeg with these arguments, its streams ours; ended by the kernel with the thread that calls. Throws <see cref="SourceException"/> when it cannot be started.</summary>
    public static Process Launch(IReadOnlyList<string> arguments, string shown)
    {
        var start = new ProcessStartInfo("setpriv") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["--pdeathsig", "KILL", "ffmpeg", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("no process");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new SourceException($"{shown}: ffmpeg cannot be started. Install it: apt-get install ffmpeg util-linux", e);
        }
    }

    /// <summary>Waits for the next frame; false at the end of the stream. The picture is the caller's.</summary>
    public bool TryRead(out ShowInfo info, out Picture picture)
    {
        picture = null!;
        if (!_announced.TryTake(out info, Timeout.Infinite))
        {
            return false;
        }

        var planes = _pool.Take(info.Height * 3 / 2, info.Width);
        if (!Fill(planes))
        {
            _pool.Give(planes);
            return false;
        }

        picture = Picture.OfPlanes(planes, _giveBack);
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
        _listener.Join();
        _process.Dispose();
        _announced.Dispose();
    }

    private unsafe bool Fill(Mat planes)
    {
        var bytes = planes.Rows * planes.Cols;
        return _pixels.ReadAtLeast(new Span<byte>((void*)planes.Data, bytes), bytes, throwOnEndOfStream: false) == bytes;
    }

    // A pipe holds 64 KB, and a frame of 1080p is 3 MB: in a larger one child and reader wake each other 16 times less.
    private static void Enlarge(Stream pixels)
    {
        if (pixels is PipeStream pipe)
        {
            _ = SetPipeSize(pipe.SafePipeHandle, SetPipeSizeCommand, PipeBytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPipeSize(SafePipeHandle pipe, int command, int bytes);

    // Line by line out of bytes: for every frame there are some, and none is worth a string.
    private void Listen(object? stream)
    {
        var words = (Stream)stream!;
        var buffer = new byte[LongestLine];
        var held = 0;
        try
        {
            while (words.Read(buffer, held, buffer.Length - held) is > 0 and var read)
            {
                held += read;
                ReadOnlySpan<byte> rest = buffer.AsSpan(0, held);
                while (rest.IndexOf((byte)'\n') is >= 0 and var end)
                {
                    Hear(rest[..end].TrimEnd((byte)'\r'));
                    rest = rest[(end + 1)..];
                }

                // A line that fills the buffer is cut: what it says is said at its beginning.
                held = rest.Length < buffer.Length ? rest.Length : 0;
                rest[..held].CopyTo(buffer);
            }
        }
        catch (IOException)
        {
            // The child was ended.
        }
        finally
        {
            _announced.CompleteAdding();
        }
    }

    private void Hear(ReadOnlySpan<byte> line)
    {
        if (ShowInfo.TryParse(line, out var info))
        {
            _announced.Add(info);
        }
        else if (line.Length > 0 && line[0] is not ((byte)' ' or (byte)'[') && !line.StartsWith("Input #"u8) && !line.StartsWith("Output #"u8))
        {
            _said.Enqueue(Encoding.UTF8.GetString(line));
            while (_said.Count > Remembered)
            {
                _said.TryDequeue(out _);
            }
        }
    }
}
