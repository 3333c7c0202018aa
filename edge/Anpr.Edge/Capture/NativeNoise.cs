using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Anpr.Edge.Capture;

/// <summary>
/// Keeps OpenCV, FFmpeg, libpng, libjpeg and Tesseract from writing to stderr: what is wrong with an input is told by us, in one line.
/// </summary>
internal static partial class NativeNoise
{
    private const int StandardError = 2;
    private const int WriteOnly = 1;

    // Native code reads the C library's environment, which Environment.SetEnvironmentVariable does not touch. Runs before any native library loads.
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries", Justification = "this is a program")]
    internal static void Quieten()
    {
        SetVariable("OPENCV_LOG_LEVEL", "SILENT", 0);
        SetVariable("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);

        // Tesseract's LSTM spreads each plate over all cores through OpenMP, which costs 8 times what it gains at this size.
        SetVariable("OMP_THREAD_LIMIT", "1", 0);
    }

    /// <summary>
    /// For a command whose stderr is read by people: native code's stderr goes nowhere from here on, ours goes on, an unhandled exception's too.
    /// </summary>
    public static void Silence()
    {
        // .NET's writer holds a duplicate of the descriptor from its first use on, and remembers whether it is a terminal.
        var (ours, _) = (Console.Error, Console.IsErrorRedirected);
        var nowhere = Open("/dev/null", WriteOnly);
        if (nowhere < 0)
        {
            return;
        }

        AppDomain.CurrentDomain.UnhandledException += (_, e) => ours.WriteLine(e.ExceptionObject);
        _ = Duplicate(nowhere, StandardError);
        _ = Close(nowhere);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int descriptor, int onto);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
