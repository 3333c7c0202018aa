using System.Runtime.InteropServices;

namespace Anpr.Simulation.Processes;

/// <summary>Signals to other processes.</summary>
internal static partial class Signals
{
    private const int Kill = 9;
    private const int Terminate = 15;

    /// <summary>Asks one process to end.</summary>
    public static void SendTerminate(int process) => _ = Send(process, Terminate);

    /// <summary>Ends a process and everything that belongs to its group, at once. The process must lead its own group.</summary>
    public static void KillGroup(int leader) => _ = Send(-leader, Kill);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
