using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>Roles as they are typed.</summary>
internal static class Roles
{
    /// <summary>All names, in lower case.</summary>
    public static string Names { get; } = string.Join(", ", Enum.GetNames<Role>().Select(n => n.ToLowerInvariant()));

    /// <exception cref="InputException">There is no such role.</exception>
    public static Role Parse(string text) =>
        Enum.GetNames<Role>().Contains(text, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<Role>(text, ignoreCase: true)
            : throw new InputException($"there is no role '{text}'. Roles are {Names}.");
}
