using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>Roles as they are typed.</summary>
internal static class Roles
{
    /// <exception cref="InputException">There is no such role.</exception>
    public static Role Parse(string text) => Names.Read<Role>("role", text);
}
