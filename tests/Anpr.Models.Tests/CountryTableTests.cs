using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Models.Tests;

public sealed class CountryTableTests
{
    private static readonly CountryTable Table = CountryTable.LoadShipped();

    [Fact]
    public void LoadShipped_AllCountries_HaveFormatsThatParse()
    {
        Assert.True(Table.Countries.Count >= 35);
        Assert.All(Table.Countries, c =>
        {
            Assert.Matches("^[A-Z]{2}$", c.Code);
            Assert.NotEmpty(c.Formats);
            Assert.All(c.Formats, f => Assert.InRange(PlatePattern.Parse(f.Pattern, c.Letters).Length, 2, 10));
        });
    }

    [Fact]
    public void LoadShipped_EveryFormat_HasItsSourceAndAKnownKind() =>
        Assert.All(Table.Countries, c => Assert.All(c.Formats, f =>
        {
            Assert.Matches(@"\p{L}{3}", f.Source);
            Assert.Contains(f.Kind, (string[])["car", "lorry", "trailer", "motorcycle", "taxi", "personal", "temporary", "old"]);
            Assert.NotEmpty(f.Lines);
            Assert.All(f.Lines, lines => Assert.InRange(lines, 1, 2));
            Assert.InRange(f.Weight, 0.01, 100);
            Assert.InRange(c.Weight, 0.01, 100);
        }));

    [Theory]
    [InlineData("\"weight\": 3", "\"weight\": 0", "GB: a weight is not more than 0")]
    [InlineData("\"source\": \"DVLA", "\"origin\": \"DVLA", "cannot be used")]
    public void Load_FormatWithoutWeightOrSource_Refused(string right, string wrong, string words)
    {
        var json = File.ReadAllText(Path.Combine(ModelFile.ShippedFolder, "countries.json"));
        var path = Path.GetTempFileName();
        File.WriteAllText(path, json[..json.IndexOf(right, StringComparison.Ordinal)] + wrong + json[(json.IndexOf(right, StringComparison.Ordinal) + right.Length)..]);

        var e = Assert.Throws<ModelException>(() => CountryTable.Load(path));
        File.Delete(path);

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "it holds no formats")]
    [InlineData("{", "line 1 is not as it has to be")]
    [InlineData("", "line 1 is not as it has to be")]
    [InlineData("{", "cannot be used")]
    [InlineData("""[{"code":"XX"}]""", "cannot be used")]
    public void Load_NoTable_RefusedInOneLine(string json, string words)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, json);

        var e = Assert.Throws<ModelException>(() => CountryTable.Load(path));
        File.Delete(path);

        Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Match_TextMadeFromAPattern_NamesItsCountry() =>
        Gen.Select(Gen.Int[0, Table.Countries.Count - 1], Gen.Int[0, 1000], Gen.Int[0, 1000].Array[10]).Sample((country, format, picks) =>
        {
            var c = Table.Countries[country];
            var pattern = PlatePattern.Parse(c.Formats[format % c.Formats.Count].Pattern, c.Letters);
            var text = string.Concat(pattern.Positions.Select((set, i) => set[picks[i] % set.Length]));
            Assert.Contains(c.Code, Table.Match(text));
        });

    /// <summary>Made-up registrations of formats that are rare on lorries: dateless, short, rented, of motorcycles.</summary>
    [Theory]
    [InlineData("AT", "FK1ABC")]
    [InlineData("AT", "WL12AB")]
    [InlineData("AT", "W1234A")]
    [InlineData("GB", "255ABC")]
    [InlineData("GB", "1AB")]
    [InlineData("GB", "Q123ABC")]
    [InlineData("DE", "MAA1")]
    [InlineData("DE", "KMAA12H")]
    [InlineData("CH", "ZH12345U")]
    [InlineData("CH", "UR7")]
    [InlineData("FR", "123ABC2A")]
    [InlineData("PL", "KR1234")]
    [InlineData("ES", "C1234BCD")]
    public void Match_RareFormat_NamesItsCountry(string country, string text) => Assert.Contains(country, Table.Match(text));

    [Fact]
    public void Only_TwoCountriesIssueIt_Null()
    {
        Assert.Contains("FR", Table.Match("AB123CD"));
        Assert.Contains("IT", Table.Match("AB123CD"));
        Assert.Null(Table.Only("AB123CD"));
        Assert.Empty(Table.Match("1234567890"));
    }

    [Fact]
    public void IsRegular_AnyWord_OnlyChosenPlates()
    {
        Assert.NotEmpty(Table.Match("TRANSCO"));
        Assert.False(Table.IsRegular("TRANSCO"));
        Assert.True(Table.IsRegular("AB123CD"));
    }

    [Theory]
    [InlineData("A9x")]
    [InlineData("A[")]
    [InlineData("'B")]
    [InlineData("[]9")]
    [InlineData("-")]
    public void Parse_Mistake_Refused(string pattern) => Assert.Throws<FormatException>(() => PlatePattern.Parse(pattern, "ABC"));

    [Fact]
    public void Fits_EveryElement_AsDocumented()
    {
        var pattern = PlatePattern.Parse("[12]-'W'A-99", "XY");

        Assert.True(pattern.Fits("1WX07"));
        Assert.False(pattern.Fits("3WX07"));
        Assert.False(pattern.Fits("1VX07"));
        Assert.False(pattern.Fits("1WZ07"));
        Assert.False(pattern.Fits("1WX0"));
    }
}
