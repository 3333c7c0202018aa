using System.Text.Json;

namespace Anpr.Models.Plates;

/// <summary>The table of countries that syntax prior, renderer and simulation share. Immutable, thread-safe.</summary>
public sealed class CountryTable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private readonly ILookup<int, (string Code, PlatePattern Pattern, bool Regular)> _byLength;

    private CountryTable(IReadOnlyList<Country> countries, IEnumerable<(string Code, PlatePattern Pattern, bool Regular)> patterns)
    {
        Countries = countries;
        _byLength = patterns.ToLookup(p => p.Pattern.Length);
    }

    /// <summary>All countries, in the table's order.</summary>
    public IReadOnlyList<Country> Countries { get; }

    /// <summary>Loads the shipped table. Throws <see cref="ModelException"/> when it is missing or broken.</summary>
    public static CountryTable LoadShipped() => Load(Path.Combine(ModelFile.ShippedFolder, "countries.json"));

    /// <summary>Loads a table. Throws <see cref="ModelException"/>, naming file and fault.</summary>
    public static CountryTable Load(string path)
    {
        try
        {
            var countries = JsonSerializer.Deserialize<List<Country>>(File.ReadAllBytes(path), Json) ?? [];
            Check(countries);
            var patterns = countries.SelectMany(c => c.Formats.Select(f => (c.Code, PlatePattern.Parse(f.Pattern, c.Letters), f.Kind != "personal"))).ToList();
            return new(countries, patterns);
        }
        catch (JsonException e)
        {
            throw new ModelException(FormattableString.Invariant($"{path}: the table of countries cannot be used (line {e.LineNumber + 1} is not as it has to be). Restore it from the release."), e);
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: the table of countries cannot be used ({ModelCard.FirstLine(e.Message)}). Restore it from the release.", e);
        }
    }

    private static void Check(List<Country> countries)
    {
        if (!countries.Exists(c => c.Formats.Count > 0))
        {
            throw new FormatException("it holds no formats");
        }

        foreach (var country in countries.Where(c => !(c.Weight > 0) || c.Formats.Any(f => !(f.Weight > 0))))
        {
            throw new FormatException($"{country.Code}: a weight is not more than 0");
        }
    }

    /// <summary>Codes of the countries that issue such a text, each once, in the table's order; empty when none does.</summary>
    public IReadOnlyList<string> Match(string text)
    {
        var folded = PlateText.Fold(text);
        return [.. _byLength[folded.Length].Where(p => p.Pattern.Fits(folded)).Select(p => p.Code).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>True when some country issues such a text by its rules; false for chosen ones (which may be any word) and all else.</summary>
    public bool IsRegular(string text)
    {
        var folded = PlateText.Fold(text);
        return _byLength[folded.Length].Any(p => p.Regular && p.Pattern.Fits(folded));
    }

    /// <summary>The one country that issues such a text; null when none or several do.</summary>
    public string? Only(string text) => Match(text) is [var one] ? one : null;
}
