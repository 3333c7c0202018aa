using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Web;
using Anpr.Hub.Web.Alerts;
using Anpr.Hub.Web.Parts;
using Anpr.Hub.Web.Passages;
using Anpr.Proto.V1;
using Bunit;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Anpr.Hub.Tests.Web;

/// <summary>Components that decide what an officer sees, rendered without a browser.</summary>
public sealed class PartsTests : BunitContext
{
    public PartsTests()
    {
        Services.AddSingleton(new PictureTickets(new EphemeralDataProtectionProvider(), TimeProvider.System));
        this.AddAuthorization().SetAuthorized("olive");
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

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

        Assert.StartsWith("/pictures/c0ffee?ticket=", patch.Find("img.patch").GetAttribute("src"), StringComparison.Ordinal);
        Assert.Equal(words, string.Concat(patch.FindAll("small").Select(s => s.TextContent)));
    }

    /// <summary>Another address would be another picture to the browser: it would fetch it anew at each drawing.</summary>
    [Fact]
    public void Patch_DrawnAgain_KeepsTheAddressOfItsPicture()
    {
        var patch = Render<Patch>(p => p.Add(t => t.Of, Seen("AB12CDE", "AB12CDE", "c0ffee")));
        var first = patch.Find("img").GetAttribute("src");

        patch.Render(p => p.Add(t => t.Of, Seen("AB12CDE", "AB12CDE", "c0ffee")));
        Assert.Equal(first, patch.Find("img").GetAttribute("src"));
        patch.Render(p => p.Add(t => t.Of, Seen("AB12CDE", "AB12CDE", "beef")));
        Assert.StartsWith("/pictures/beef?ticket=", patch.Find("img").GetAttribute("src"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("now reads AB12CDF", "Withdrawn: now reads AB12CDF", "withdrawn: now reads AB12CDF")]
    [InlineData("its score is no longer among the highest", "Withdrawn: its score is no longer among the highest", "withdrawn: its score is no longer among the highest")]
    public void WithdrawnCard_SaysWhatTookTheAlertBack(string words, string card, string state)
    {
        var alert = new Alert(
            "a", "a", AlertCause.Score, "", "", "High score", 2, "", false, "calais", "calais-1", "p", ["s"], "v", "AB12CDF", false, default, default, false, false, false, AlertState.Withdrawn,
            [new AlertStep(default, AlertState.Raised, "hub", "score"), new AlertStep(default, AlertState.Withdrawn, "hub", words)]);

        var shown = Render<WithdrawnCard>(p => p.Add(c => c.Alert, alert)).Find(".alert-title").TextContent;

        Assert.Equal(card, string.Join(' ', shown.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(state, AlertWords.State(alert));
    }

    private static StoredSighting Seen(string text, string raw, string patch) =>
        new("s", "calais", "calais-1", new Sighting { Id = "s", Text = text, RawText = raw }, patch, default, false, "v", 1, []);
}
