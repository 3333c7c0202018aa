using System.Runtime.InteropServices;

namespace Anpr.Edge.Ops;

/// <summary>Whether the kernel's clock is kept by NTP or PTP: adjtimex(2) says so, whoever steers it.</summary>
internal static partial class BoxClock
{
    // adjtimex returns TIME_ERROR (5) while the clock is not synchronised; struct timex has 208 bytes on 64-bit Linux
    // and with modes = 0 (its first field) nothing is changed.
    private const int TimeError = 5;
    private const int TimexBytes = 208;

    /// <summary>True when the clock is synchronised.</summary>
    public static bool Synchronised()
    {
        Span<byte> timex = stackalloc byte[TimexBytes];
        timex.Clear();
        var state = AdjTimex(ref MemoryMarshal.GetReference(timex));
        return state is >= 0 and not TimeError;
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AdjTimex(ref byte timex);
}
