namespace Anpr.Hub.Access;

/// <summary>Roles and ports in words, for the audit log and lists.</summary>
internal static class AccessWords
{
    /// <summary>"officer", "officer at calais, dunkerque".</summary>
    public static string Of(Role role, IReadOnlyList<string> ports) =>
        ports.Count == 0 ? role.ToString().ToLowerInvariant() : $"{role.ToString().ToLowerInvariant()} at {string.Join(", ", ports)}";
}
