using System.Text.RegularExpressions;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>The juxtaposed controls, and what a lane may be called.</summary>
public static partial class Ports
{
    /// <summary>Names as they stand in certificates.</summary>
    public static IReadOnlyList<string> All { get; } = ["calais", "coquelles", "dunkerque"];

    /// <summary>The port's name for people.</summary>
    public static string Display(string port) => port.Length == 0 ? "" : char.ToUpperInvariant(port[0]) + port[1..];

    /// <summary>Refuses names that no certificate may carry.</summary>
    /// <exception cref="InputException">The port is unknown or the lane's name has another shape.</exception>
    public static void Check(string port, string lane)
    {
        if (!All.Contains(port, StringComparer.Ordinal))
        {
            throw new InputException($"there is no port '{port}'. Ports are {string.Join(", ", All)}.");
        }

        if (!LaneName().IsMatch(lane))
        {
            throw new InputException($"'{lane}' is no lane name: 1 to 40 of a-z, 0-9 and '-', beginning with a letter or digit, for example {port}-1.");
        }
    }

    /// <summary>Refuses ports that there are not; gives them back in the order of <see cref="All"/>, each once.</summary>
    /// <exception cref="InputException">A port is unknown.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> ports) =>
        ports.FirstOrDefault(p => !All.Contains(p, StringComparer.Ordinal)) is { } unknown
            ? throw new InputException($"there is no port '{unknown}'. Ports are {string.Join(", ", All)}.")
            : [.. All.Where(ports.Contains)];

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LaneName();
}
