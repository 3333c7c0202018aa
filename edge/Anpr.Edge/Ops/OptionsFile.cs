using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Anpr.Edge.Ops;

/// <summary>Options that have rules across their keys.</summary>
internal interface IChecked
{
    /// <summary>One sentence for each rule that is broken: key, value, what is allowed.</summary>
    IEnumerable<string> Check();
}

/// <summary>
/// A JSON file as a record of options. Everything that is wrong is told at once: unknown keys, wrong types, values out of
/// range, each with key, value and what is allowed. Comments and trailing commas are welcome.
/// </summary>
internal static class OptionsFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cure">What to do when there is none.</param>
    /// <exception cref="UserError">One line for each fault.</exception>
    public static T Load<T>(string path, string cure)
        where T : class, new()
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return Read<T>(document.RootElement, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserError($"{path}: there is no such file. {cure}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{path} cannot be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new UserError($"{path}, line {e.LineNumber + 1}: this is no JSON. Mend that line.", e);
        }
    }

    private static T Read<T>(JsonElement root, string path)
        where T : class, new()
    {
        var faults = new List<string>();
        var options = (T)Record(root, typeof(T), "", faults);
        if (faults.Count == 0 && options is IChecked own)
        {
            faults.AddRange(own.Check());
        }

        return faults.Count == 0 ? options : throw new UserError([.. faults.Select(f => $"{path}: {f}.")]);
    }

    private static object Record(JsonElement element, Type type, string key, List<string> faults)
    {
        var record = Activator.CreateInstance(type)!;
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{(key.Length == 0 ? "the file" : key)} is {Short(element)}: allowed is an object {{ ... }}");
            return record;
        }

        var known = type.GetProperties().Where(p => p.CanWrite).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var member in element.EnumerateObject())
        {
            var full = key.Length == 0 ? member.Name : $"{key}.{member.Name}";
            if (known.TryGetValue(member.Name, out var property))
            {
                Set(record, property, member.Value, full, faults);
            }
            else
            {
                faults.Add($"{full} is no key here: allowed are {string.Join(", ", known.Values.Select(p => p.Name))}");
            }
        }

        foreach (var property in known.Values.Where(p => !element.EnumerateObject().Any(m => string.Equals(m.Name, p.Name, StringComparison.OrdinalIgnoreCase))))
        {
            Validate(property, property.GetValue(record), "missing", key.Length == 0 ? property.Name : $"{key}.{property.Name}", faults);
        }

        return record;
    }

    private static void Set(object record, PropertyInfo property, JsonElement element, string key, List<string> faults)
    {
        var before = faults.Count;
        var value = Value(element, property.PropertyType, key, faults);
        if (faults.Count == before)
        {
            property.SetValue(record, value);
            Validate(property, value, $"'{Short(element)}'", key, faults);
        }
    }

    private static object? Value(JsonElement element, Type type, string key, List<string> faults)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return List(element, type.GetGenericArguments()[0], key, faults);
        }

        if (type.IsClass && type != typeof(string))
        {
            return Record(element, type, key, faults);
        }

        try
        {
            return element.Deserialize(type);
        }
        catch (JsonException)
        {
            faults.Add($"{key} is {Short(element)}: allowed is {Kind(type)}");
            return null;
        }
    }

    private static IList List(JsonElement element, Type item, string key, List<string> faults)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        if (element.ValueKind != JsonValueKind.Array)
        {
            faults.Add($"{key} is {Short(element)}: allowed is a list [ ... ]");
            return list;
        }

        foreach (var (entry, i) in element.EnumerateArray().Select((e, i) => (e, i)))
        {
            list.Add(Value(entry, item, $"{key}[{i}]", faults));
        }

        return list;
    }

    private static void Validate(PropertyInfo property, object? value, string shown, string key, List<string> faults)
    {
        var broken = property.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(a => !a.IsValid(value));
        if (broken is not null)
        {
            faults.Add($"{key} is {shown}: allowed is {Allowed(broken)}");
        }
    }

    private static string Allowed(ValidationAttribute attribute) => attribute switch
    {
        RangeAttribute r => string.Create(CultureInfo.InvariantCulture, $"{r.Minimum} to {r.Maximum}"),
        AllowedValuesAttribute a => string.Join(", ", a.Values),
        LengthAttribute l => string.Create(CultureInfo.InvariantCulture, $"a list of {l.MinimumLength} to {l.MaximumLength}"),
        RequiredAttribute => "a text",
        _ => attribute.ErrorMessage ?? attribute.GetType().Name,
    };

    private static string Kind(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(bool) => "true or false",
        var t when t == typeof(int) => "a whole number",
        var t when t == typeof(double) => "a number",
        var t when t == typeof(TimeSpan) => "a time such as \"00:00:02\"",
        _ => "a text",
    };

    private static string Short(JsonElement element)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
