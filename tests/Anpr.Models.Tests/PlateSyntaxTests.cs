using System.Text.Json.Nodes;
using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Models.Tests;

public sealed class PlateSyntaxTests
{
    private static readonly PlateSyntax Syntax = new(CountryTable.LoadShipped());
    private static readonly IReadOnlyList<Country> Countries = Syntax.Countries.Countries;

    private static readonly Gen<string> AnyText = Gen.Char[PlateText.Alphabet].Array[1, 10].Select(c => new string(c));

    // A text of some format of some country, with the country.
    private static readonly Gen<(int Country, string Text)> Issued = Gen.Select(Gen.Int[0, Countries.Count - 1], Gen.Int[0, 1000], Gen.Int[0, 1000].Array[10]).Select((c, f, picks) =>
    {
        var format = Countries[c].Formats[f % Countries[c].Formats.Count];
        return (c, string.Concat(PlatePattern.Parse(format.Pattern, Countries[c].Letters).Positions.Select((set, i) => set[picks[i] % set.Length])));
    });

    private static readonly Gen<float[]?> AnyLook = Gen.OneOf(
        Gen.Const((float[]?)null),
        Gen.Select(Gen.Int[0, Countries.Count - 1], Gen.Float[0, 1]).Select((c, p) => (float[]?)Look(Countries[c].Code, p)));

    private static readonly Gen<float[]> AnyColumn = Gen.Float[0.0001f, 1].Array[36].Select(raw => raw.Select(x => MathF.Pow(x, 8)).ToArray()).Select(x => x.Select(p => p / x.Sum()).ToArray());

    [Fact]
    public void Apply_AnyPlate_ProbabilitiesSumToOne() =>
        Gen.Select(AnyColumn.Array[0, 10], AnyColumn.Array[0, 10], Gen.Double[0, 1], AnyLook).Sample((one, other, p, look) =>
        {
            var says = Syntax.Apply([new(p, one), new(1 - p, other)], look);

            Assert.InRange(says.P + says.Others.Sum(o => o.P), 0, 1 + 1e-6);
            Assert.All(says.Columns, column => Assert.Equal(1, column.Sum(), 1e-4f));
            Assert.Equal(says.Text.Length, says.Columns.Count);
            Assert.DoesNotContain(says.Others, o => o.Text == says.Text);
            Assert.Equal(says.Others.OrderByDescending(o => o.P), says.Others);
        });

    [Fact]
    public void Apply_ThreeCharacters_AsTheSumOverAllTextsSays() =>
        Gen.Select(AnyColumn.Array[3], Gen.Double[0.5, 1]).Sample(
            (columns, p) =>
            {
                var formats = Syntax.Formats(3)!;
                var weights = new double[formats.Count];
                formats.Weigh(null, weights);
                var (total, own, first) = (1 - p, 0.0, new double[36]);
                var says = Syntax.Apply([new(p, columns)]);
                Span<byte> text = stackalloc byte[3];
                var seen = columns.Select(c => new SyntaxColumn(c)).ToArray();
                for (var i = 0; i < 36 * 36 * 36; i++)
                {
                    (text[0], text[1], text[2]) = ((byte)(i / 1296), (byte)(i / 36 % 36), (byte)(i % 36));
                    var weight = p * seen[0][text[0]] * seen[1][text[1]] * seen[2][text[2]] * (1 + formats.Sum(text, weights));
                    total += weight;
                    first[text[0]] += weight;
                    own += says.Text[0] == PlateText.Alphabet[text[0]] && says.Text[1] == PlateText.Alphabet[text[1]] && says.Text[2] == PlateText.Alphabet[text[2]] ? weight : 0;
                }

                Assert.Equal(own / total, says.P, 1e-9);
                Assert.All(first, (weight, c) => Assert.Equal(weight / (total - 1 + p), says.Columns[0][c], 1e-5));
            },
            iter: 20);

    [Fact]
    public void Apply_TextThatTheReaderIsSureOf_StaysWhateverItsFormatAndLooks() =>
        Gen.Select(Gen.OneOf(AnyText, Issued.Select(i => i.Text)), Gen.Int[1, 35].Array[10], AnyLook).Sample((text, other, look) =>
        {
            // The worst case: all that is left of each character is one other character.
            var columns = text.Select((c, k) => Column((c, 0.999f), (PlateText.Alphabet[(PlateText.Alphabet.IndexOf(c, StringComparison.Ordinal) + other[k]) % 36], 0.001f))).ToArray();

            Assert.Equal(text, Syntax.Apply([new(1, columns)], look).Text);
        }, iter: 20_000);

    [Fact]
    public void Apply_SureCharacterWhereTheFormatWantsAnother_Stays() =>
        Gen.Select(Issued, Gen.Int[0, 9], Gen.Int[1, 35], Gen.Float[0, 1]).Sample((issued, at, other, sure) =>
        {
            at %= issued.Text.Length;
            var columns = issued.Text.Select(c => Column((c, 1))).ToArray();
            var read = PlateText.Alphabet[(PlateText.Alphabet.IndexOf(issued.Text[at], StringComparison.Ordinal) + other) % 36];
            columns[at] = Column((read, 0.999f), (issued.Text[at], 0.001f));

            var says = Syntax.Apply([new(1, columns)], Look(Countries[issued.Country].Code, sure));

            Assert.Equal(read, says.Text[at]);
        }, iter: 50_000);

    [Fact]
    public void Apply_OneCountryMore_TextsOfOthersStayPossible() =>
        Gen.Select(Issued, Gen.Int[0, Countries.Count - 1], Gen.Int[1, 35].Array[10]).Where((issued, added, _) => issued.Country != added).Sample(
            (issued, added, other) =>
            {
                var columns = issued.Text.Select((c, k) => Column((c, 0.9f), (PlateText.Alphabet[(PlateText.Alphabet.IndexOf(c, StringComparison.Ordinal) + other[k]) % 36], 0.1f))).ToArray();
                var (without, with) = (P(Without(added).Apply([new(1, columns)]), issued.Text), P(Syntax.Apply([new(1, columns)]), issued.Text));

                Assert.True(with > 0 && with > without / 100, $"{issued.Text}: {without} without {Countries[added].Code}, {with} with it");
            },
            iter: 300);

    [Theory]
    [InlineData("GB", "PH11DSX")]
    [InlineData("GB", "AB10OBO")]
    [InlineData("FR", "AB101CD")]
    [InlineData("BE", "1OIO101")]
    [InlineData("NL", "10BDL1")]
    [InlineData("DE", "BOI1001")]
    [InlineData("PL", "PO10101")]
    [InlineData("RO", "B101OIO")]
    [InlineData("LT", "OIO101")]
    [InlineData("CZ", "1B01010")]
    [InlineData("ES", "1010BCD")]
    [InlineData("IT", "XA101XB")]
    [InlineData("SE", "BOO101")]
    [InlineData("TR", "10AB101")]
    [InlineData("UA", "AO1010OI")]
    [InlineData("GR", "IOO1010")]
    [InlineData("HU", "OIOI101")]
    public void Apply_ZeroOrOAndOneOrI_FormatDecides(string code, string text)
    {
        var columns = text.Select(c => c switch
        {
            '0' or 'O' => Column(('0', 0.5f), ('O', 0.5f)),
            '1' or 'I' => Column(('1', 0.5f), ('I', 0.5f)),
            _ => Column((c, 1)),
        }).ToArray();

        Assert.Equal(text, Syntax.Apply([new(1, columns)], Look(code, 0.9f)).Text);
    }

    [Theory]
    [InlineData("GB", "AB12CDE", true)]
    [InlineData("GB", "AB12CDE", false)] // Romania and Slovenia issue such texts too
    [InlineData("BE", "1ABC234", true)]
    [InlineData("NL", "12BDF3", true)]
    public void Apply_SureText_CountryWhenTextAndLooksTellIt(string code, string text, bool seen)
    {
        var says = Syntax.Apply([new(1, [.. text.Select(c => Column((c, 1)))])], seen ? Look(code, 0.9f) : null);

        Assert.Equal(seen ? code : null, says.Country);
    }

    [Fact]
    public void Apply_UnsureOfAnI_TheOneThatTheFormatAsksFor()
    {
        float[][] columns = [Column(('P', 1)), Column(('H', 1)), Column(('I', 0.8f), ('1', 0.2f)), Column(('1', 1)), Column(('D', 1)), Column(('S', 1)), Column(('X', 1))];

        var says = Syntax.Apply([new(1, columns)]);

        Assert.Equal("PH11DSX", says.Text);
        Assert.Equal(says.P, says.Columns[2][1], 1e-6);
        Assert.Equal("PHI1DSX", Assert.Single(says.Others).Text);
    }

    [Fact]
    public void Apply_UnknownLook_PriorWithoutChange() =>
        AnyColumn.Array[5, 8].Sample(columns =>
        {
            var (plain, unknown) = (Syntax.Apply([new(1, columns)]), Syntax.Apply([new(1, columns)], new float[Countries.Count]));

            Assert.Equal(plain.Text, unknown.Text);
            Assert.Equal(plain.P, unknown.P, 1e-6);
            Assert.Equal(plain.Country, unknown.Country);
        });

    [Fact]
    public void Apply_TwoSpellings_TheIssuedOneWinsOverALikelierOne()
    {
        var says = Syntax.Apply([new(0.6, [.. "A1B12CDE".Select(c => Column((c, 1)))]), new(0.4, [.. "AB12CDE".Select(c => Column((c, 1)))])]);

        Assert.Equal("AB12CDE", says.Text);
        Assert.Equal("A1B12CDE", Assert.Single(says.Others).Text);
        Assert.Equal(1, says.P + says.Others[0].P, 1e-9);
    }

    [Fact]
    public void Apply_NothingOrTooMuch_IsTakenAsRead()
    {
        Assert.Equal(("", 1.0), (Syntax.Apply([new(1, [])]).Text, Syntax.Apply([new(1, [])]).P));
        Assert.Equal("123456789012345", Syntax.Apply([new(1, [.. "123456789012345".Select(c => Column((c, 1)))])]).Text);
        Assert.Throws<ArgumentException>(() => Syntax.Apply([]));
    }

    [Fact]
    public void Together_SeveralLooks_SharpenAndNoneIsNone()
    {
        var one = Look("FR", 0.5f);
        var at = Countries.ToList().FindIndex(c => c.Code == "FR");

        var four = Syntax.Together(Enumerable.Repeat(((IReadOnlyList<float>?)one, 1f), 4), 0.5)!;

        Assert.Null(Syntax.Together([(null, 1)], 1));
        Assert.Equal(1, four.Sum(), 1e-4f);
        Assert.True(four[at] > Syntax.Together([(one, 1)], 1)![at]);
    }

    private static double P(PlatePosterior says, string text) => says.Text == text ? says.P : says.Others.FirstOrDefault(o => o.Text == text).P;

    private static PlateSyntax Without(int country)
    {
        var rows = JsonNode.Parse(File.ReadAllText(Path.Combine(ModelFile.ShippedFolder, "countries.json")))!.AsArray();
        rows.RemoveAt(country);
        var path = Path.GetTempFileName();
        File.WriteAllText(path, rows.ToJsonString());
        var table = CountryTable.Load(path);
        File.Delete(path);
        return new(table);
    }

    private static float[] Look(string code, float p) => [.. Countries.Select(c => c.Code == code ? p : 0)];

    private static float[] Column(params (char C, float P)[] filled)
    {
        var column = new float[36];
        foreach (var (c, p) in filled)
        {
            column[PlateText.Alphabet.IndexOf(c, StringComparison.Ordinal)] += p;
        }

        return column;
    }
}
