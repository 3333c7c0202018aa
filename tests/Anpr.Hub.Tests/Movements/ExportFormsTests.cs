using System.Globalization;
using System.Text;
using System.Text.Json;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using CsCheck;
using CsvHelper;
using CsvHelper.Configuration;
using MiniExcelLibs;

namespace Anpr.Hub.Tests.Movements;

/// <summary>Files that are given out: what stands in them is what was put in, and nothing else.</summary>
public sealed class ExportFormsTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly Gen<string> Texts = Gen.OneOf(Gen.String, Gen.String["=+-@,;\"'\t\r\n ABC019"], Gen.Int[0, 2].Select(i => ((string[])["=cmd|' /C calc'!A0", "@SUM(1)", "+1-2"])[i]));

    [Fact]
    public Task Csv_AnyText_ComesBackAndIsNoFormula() => Texts.Where(t => !t.Contains('\0') && !t.Any(char.IsSurrogate)).Array[1, 4].SampleAsync(async texts =>
    {
        using var file = new MemoryStream();
        await ExportResult.WriteCsvAsync(Table(texts, note: null), file, Stop);
        file.Position = 0;
        using var csv = new CsvReader(new StreamReader(file), new CsvConfiguration(CultureInfo.InvariantCulture) { IgnoreBlankLines = false }); // one empty text is a blank line

        Assert.True(await csv.ReadAsync());
        Assert.True(await csv.ReadAsync());
        foreach (var (text, i) in texts.Select((t, i) => (t, i)))
        {
            var cell = csv.GetField(i)!;
            Assert.Equal(text, cell.StartsWith('\'') && cell != text ? cell[1..] : cell);
            Assert.True(cell.Length == 0 || !"=+-@\t\r\n".Contains(cell[0]), cell);
        }
    });

    [Fact]
    public async Task Csv_NumbersAndTimes_AreNotGuarded_AndTheNoteIsTheLastLine()
    {
        using var file = new MemoryStream();
        var table = new ExportTable(["a", "b", "c", "d"], [[-5L, 0.5, new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.FromHours(1)), true]], () => "cut");

        await ExportResult.WriteCsvAsync(table, file, Stop);

        Assert.Equal("\uFEFFa,b,c,d\r\n-5,0.5,2026-11-24T07:00:00.000Z,true\r\ncut\r\n", Encoding.UTF8.GetString(file.ToArray()));
    }

    [Fact]
    public async Task Xlsx_TextThatLooksLikeAFormula_StaysText_AndTheNoteHasItsSheet()
    {
        using var file = new MemoryStream();
        await ExportResult.WriteXlsxAsync(Table(["=1+1", "x"], "there were more"), file, Stop);
        file.Position = 0;

        var row = file.Query(useHeaderRow: true, sheetName: "records").Cast<IDictionary<string, object>>().Single();
        var about = file.Query(useHeaderRow: true, sheetName: "about").Cast<IDictionary<string, object>>().Single();
        using var zip = new System.IO.Compression.ZipArchive(file);
        var sheets = string.Concat(zip.Entries.Where(e => e.FullName.Contains("worksheets/sheet", StringComparison.Ordinal)).Select(e => new StreamReader(e.Open()).ReadToEnd()));

        Assert.Equal("=1+1", row["c0"]);
        Assert.Equal("there were more", about["note"]);
        Assert.DoesNotContain("<f>", sheets, StringComparison.Ordinal);
        Assert.DoesNotContain("<x:f>", sheets, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Portion_OfMoreThanItHolds_SaysSo(int all, bool cut)
    {
        var portion = new Portion<int>(Enumerable.Range(0, all), 3, rows => rows);

        Assert.Equal(Enumerable.Range(0, Math.Min(3, all)), portion.Rows);
        Assert.Equal(cut, portion.Cut);
    }

    [Fact]
    public async Task GeoJson_AnyStops_AreAFeatureCollectionWithLongitudeFirst()
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, Places.FileName), """{"calais/calais-1": [1.87124, 50.96631], "dunkerque": [2.2, 51.03]}""");
        var places = Places.Load(folder.Path);
        var stop = from port in Gen.Int[0, 2] from lane in Gen.Int[1, 2] from text in Gen.String select new GeoStop("id", DateTimeOffset.UnixEpoch, Anpr.Hub.Access.Ports.All[port], $"{Anpr.Hub.Access.Ports.All[port]}-{lane}", text, "v", false);
        await Gen.Select(stop.Array[0, 9], Gen.Bool).SampleAsync(async (stops, line) =>
        {
            using var file = new MemoryStream();
            await new GeoJson("x", places, stops, line ? "AB12" : null, () => null).WriteAsync(file, Stop);
            var map = JsonDocument.Parse(file.ToArray()).RootElement;
            var features = map.GetProperty("features").EnumerateArray().ToList();

            Assert.Equal("FeatureCollection", map.GetProperty("type").GetString());
            Assert.Equal(stops.Length + (line && stops.Length > 1 ? 1 : 0), features.Count);
            foreach (var (seen, feature) in stops.Zip(features))
            {
                var exact = seen.Lane == "calais-1";
                Assert.Equal(exact ? "lane" : "port", feature.GetProperty("properties").GetProperty("position").GetString());
                var at = feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(c => c.GetDouble()).ToArray();
                Assert.InRange(at[0], 1.8, 2.2);
                Assert.InRange(at[1], 50.9, 51.1);
                Assert.True(!exact || at[0] == 1.87124);
            }
        });
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("""{"dover": [1, 51]}""")]
    [InlineData("""{"calais": [50.9, 181]}""")]
    [InlineData("""{"calais": [1]}""")]
    [InlineData("""{"calais": null}""")]
    [InlineData("""{"calais/A b": [1, 51]}""")]
    public void Places_ThatCannotBeUsed_AreRefusedByName(string json)
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, Places.FileName), json);

        Assert.Contains(Places.FileName, Assert.Throws<InputException>(() => Places.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static ExportTable Table(IReadOnlyList<string> texts, string? note) => new([.. texts.Select((_, i) => $"c{i}")], [[.. texts]], () => note);
}
