using Anpr.Hub.Ingest;
using Anpr.Hub.Web.Parts;
using Anpr.Hub.Web.Passages;
using Anpr.Proto.V1;
using Bunit;

namespace Anpr.Hub.Tests.Web;

/// <summary>Components that decide what an officer sees, rendered without a browser.</summary>
public sealed class PartsTests : BunitContext
{
    [Fact]
    public void PlateTag_UnsureAndDiffering_AreToldToScreenReadersToo()
    {
        var unsure = new Character { C = "8", P = 0.6f };
        unsure.Alternatives.Add(new CharacterAlternative { C = "B", P = 0.4f });

        var tag = Render<PlateTag>(p => p
            .Add(t => t.Text, "8A")
            .Add(t => t.Country, "RO")
            .Add(t => t.Characters, [unsure, new Character { C = "A", P = 0.99f }])
            .Add(t => t.Against, "BA"));

        Assert.Equal("8", tag.Find(".unsure.differs").TextContent);
        var label = tag.Find(".plate").GetAttribute("aria-label")!;
        Assert.Contains("8 is B on the list", label, StringComparison.Ordinal);
        Assert.Contains("perhaps B", label, StringComparison.Ordinal);
        Assert.Equal("8A", tag.Find(".plate-text").TextContent);
    }

    [Fact]
    public void EvidenceTable_Parts_AddUpToTheSumThatIsShown()
    {
        var passage = new Passage { Score = 0.0297 };
        passage.Evidence.Add(new Evidence { Kind = "prior", Llr = -6.9, Weight = 1, Words = "About 1 lorry in 1,000" });
        passage.Evidence.Add(new Evidence { Kind = "co2", Llr = 2.1, Weight = 0.9, Words = "CO2 +412 ppm over ambient" });
        passage.Evidence.Add(new Evidence { Kind = "heartbeat", Llr = 0, Weight = 0.8, Words = "No heartbeat window", Veto = "wind 11 m/s" });

        var table = Render<EvidenceTable>(p => p.Add(t => t.Passage, passage));

        Assert.Equal(["−6.90", "+1.89", "0.00"], table.FindAll("tbody td.num").Select(c => c.TextContent));
        Assert.Equal("−5.01", table.Find("tfoot td.num").TextContent);
        Assert.Contains("does not count: wind 11 m/s", table.Find("tr.veto").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Patch_NoCrop_ShowsNoPicture()
    {
        var patch = Render<Patch>(p => p.Add(t => t.Of, Seen("AB12CDE", "AB12CDE", "")));

        Assert.Empty(patch.FindAll("img"));
        Assert.Equal("no crop", patch.Find(".patch").TextContent);
    }

    [Theory]
    [InlineData("AB12CDE", "AB12CDF", "this frame reads AB12CDF")]
    [InlineData("AB12CDE", "AB12CDE", "")]
    [InlineData("AB10CDE", "ABIOCDE", "")] // one glyph for both: the picture shows what is read
    [InlineData("AB12CDE", "", "")] // imported
    public void Patch_OfAFrameThatReadsOtherwise_SaysSo(string text, string raw, string words)
    {
        var patch = Render<Patch>(p => p.Add(t => t.Of, Seen(text, raw, "c0ffee")));

        Assert.Equal("/pictures/c0ffee", patch.Find("img.patch").GetAttribute("src"));
        Assert.Equal(words, string.Concat(patch.FindAll("small").Select(s => s.TextContent)));
    }

    private static StoredSighting Seen(string text, string raw, string patch) =>
        new("s", "calais", "calais-1", new Sighting { Id = "s", Text = text, RawText = raw }, patch, default, false, "v", 1, []);
}
