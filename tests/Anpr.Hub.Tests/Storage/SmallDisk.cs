using System.ComponentModel;
using System.Diagnostics;

namespace Anpr.Hub.Tests.Storage;

/// <summary>A real small disk: a tmpfs of 160 MB that can be filled up to its last pages. Needs root; without it the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int BlockBytes = 4096;
    private readonly TempFolder folder = new();
    private readonly bool mounted;

    public SmallDisk()
    {
        mounted = Run("mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", folder.Path);
        if (!mounted)
        {
            folder.Dispose();
            Assert.Skip("only root may mount a small disk");
        }
    }

    public string Path => folder.Path;

    private string Filler => System.IO.Path.Combine(folder.Path, "filler");

    /// <summary>Fills the disk but for so many blocks of 4 KiB.</summary>
    public void Fill(int freeBlocks)
    {
        using var filler = File.OpenHandle(Filler, FileMode.Create, FileAccess.Write);
        var end = 0L;
        for (var block = new byte[64 * BlockBytes]; block.Length >= BlockBytes;)
        {
            try
            {
                RandomAccess.Write(filler, block, end);
                end += block.Length;
            }
            catch (IOException)
            {
                block = new byte[block.Length / 2];
            }
        }

        RandomAccess.SetLength(filler, Math.Max(0, end - ((long)freeBlocks * BlockBytes)));
    }

    /// <summary>Makes room again.</summary>
    public void Clear() => File.Delete(Filler);

    public void Dispose()
    {
        if (mounted)
        {
            Run("umount", "-l", folder.Path);
            folder.Dispose();
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
