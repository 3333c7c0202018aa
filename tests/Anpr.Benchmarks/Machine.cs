using System.Runtime.InteropServices;

namespace Anpr.Benchmarks;

/// <summary>Says on what a figure was taken.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, operating system, runtime.</summary>
    public static string Line()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        return $"machine: {model}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
    }
}
