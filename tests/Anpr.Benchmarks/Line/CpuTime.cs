using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Anpr.Benchmarks.Line;

/// <summary>CPU time, user + system, as the kernel counts it.</summary>
internal static partial class CpuTime
{
    private const int Children = -1;

    // USER_HZ of Linux: /proc counts in hundredths of a second on all machines.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs a program to its end: its time and that of all that it started and waited for.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="output">Given what it wrote to its output.</param>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public static TimeSpan OfProgram(string[] command, Action<string>? output = null)
    {
        var before = OfEndedChildren();
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        output?.Invoke(said);
        return process.ExitCode == 0 ? OfEndedChildren() - before : throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}");
    }

    /// <summary>A running process so far, with all that it started, ended or running.</summary>
    public static TimeSpan OfRunning(int process)
    {
        // The name, in brackets, may hold anything; after it come the fields from the third on (proc(5)): 14 to 17 are user and system
        // time of the process, then those of its ended children.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        var children = Directory.EnumerateDirectories($"/proc/{process}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => OfRunning(int.Parse(child, CultureInfo.InvariantCulture)));
        return children.Aggregate(ticks * Tick, (sum, child) => sum + child);
    }

    private static TimeSpan OfEndedChildren()
    {
        var usage = new long[18]; // struct rusage of Linux x86-64: two timevals, then 14 longs
        _ = GetUsage(Children, usage);
        return TimeSpan.FromMicroseconds(((usage[0] + usage[2]) * 1_000_000) + usage[1] + usage[3]);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetUsage(int who, [Out] long[] usage);
}
