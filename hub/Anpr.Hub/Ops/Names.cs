namespace Anpr.Hub.Ops;

/// <summary>Names of the wire format's values as the API reads and writes them: snake_case.</summary>
internal static class Names
{
    /// <summary>The name of a value, such as <c>turned_round</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Snake(value.ToString());

    /// <summary>The names that can be given.</summary>
    public static IEnumerable<string> All<T>()
        where T : struct, Enum => Enum.GetNames<T>().Where(n => n != "Unspecified").Select(Snake);

    /// <summary>The value of a name.</summary>
    /// <exception cref="InputException">There is no such name; the words say which there are.</exception>
    public static T Read<T>(string field, string? text)
        where T : struct, Enum
    {
        foreach (var name in Enum.GetNames<T>())
        {
            if (name != "Unspecified" && Snake(name) == text)
            {
                return Enum.Parse<T>(name);
            }
        }

        throw new InputException($"{field} '{text}': give one of {string.Join(", ", All<T>())}.");
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
