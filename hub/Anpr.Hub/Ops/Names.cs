namespace Anpr.Hub.Ops;

/// <summary>Names of values as API, files and command line read and write them: snake_case.</summary>
internal static class Names
{
    /// <summary>The name of a value, such as <c>turned_round</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Snake(value.ToString());

    /// <summary>The names that can be given.</summary>
    public static IEnumerable<string> All<T>()
        where T : struct, Enum => Enum.GetNames<T>().Where(n => n != "Unspecified").Select(Snake);

    /// <summary>The value of a name, in small or capital letters; a number is none.</summary>
    /// <returns>False when there is no such name.</returns>
    public static bool TryRead<T>(string? text, out T value)
        where T : struct, Enum
    {
        var name = Enum.GetNames<T>().FirstOrDefault(n => n != "Unspecified" && string.Equals(Snake(n), text, StringComparison.OrdinalIgnoreCase));
        value = name is null ? default : Enum.Parse<T>(name);
        return name is not null;
    }

    /// <summary>The value of a name.</summary>
    /// <exception cref="InputException">There is no such name; the words say which there are.</exception>
    public static T Read<T>(string field, string? text)
        where T : struct, Enum => TryRead<T>(text, out var value) ? value : throw new InputException($"{field} '{text}': give one of {string.Join(", ", All<T>())}.");

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
