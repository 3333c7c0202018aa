using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Anpr.Hub.Storage;

/// <summary>Room on the disk for a file, before it grows into it.</summary>
internal static partial class DiskRoom
{
    private const int KeepSize = 1;
    private const int Interrupted = 4;
    private const int NotSupported = 95;

    /// <summary>Sets room aside, so that the file can grow by so many bytes. Its length and content stay; it is made when it is missing.</summary>
    /// <exception cref="IOException">The disk has less room.</exception>
    public static void Hold(string path, long bytes)
    {
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        var error = Interrupted;
        while (error == Interrupted)
        {
            error = Allocate(file, KeepSize, RandomAccess.GetLength(file), bytes) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }

        if (error == NotSupported)
        {
            Need(path, bytes); // not every file system can set room aside
        }
        else if (error != 0)
        {
            throw new IOException($"{path} cannot grow by {bytes >> 20} MiB: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>Looks whether the disk of a file has so many bytes left.</summary>
    /// <exception cref="IOException">It has less.</exception>
    public static void Need(string path, long bytes)
    {
        var free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        if (free < bytes)
        {
            throw new IOException($"{path} may grow by {bytes >> 20} MiB, and {free >> 20} MiB are left");
        }
    }

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}
