using Anpr.Hub.Web.Movements;

namespace Anpr.Hub.Tests.Web;

public sealed class MovementFormTests
{
    [Fact]
    public void Read_EverythingGiven_AsksForTheWholeLastMinute()
    {
        var form = Form("OP:1", "AB12*", "2026-11-20T08:00", "2026-11-24T17:59");
        form.Ports.Add("calais");

        var query = form.Read(out var reason, out _);

        Assert.Equal("OP:1", reason!.ToString());
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero), query!.From);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 18, 0, 0, TimeSpan.Zero).AddTicks(-1), query.To);
        Assert.Equal(["calais"], query.Ports);
    }

    [Theory]
    [InlineData("", "AB12", "2026-11-20T08:00", "2026-11-20T09:00", "CODE:REF")]
    [InlineData("because", "AB12", "2026-11-20T08:00", "2026-11-20T09:00", "CODE:REF")]
    [InlineData("OP:1", "AB12", "", "2026-11-20T09:00", "time range")]
    [InlineData("OP:1", "AB12", "2026-11-20T10:00", "2026-11-20T09:00", "Swap")]
    [InlineData("OP:1", "*", "2026-11-01T10:00", "2026-11-20T09:00", "two letters")]
    [InlineData("OP:1", "A*", "2026-11-01T10:00", "2026-11-20T09:00", "two letters")]
    public void Read_SomethingMissing_IsRefusedWithTheCure(string reason, string plate, string from, string to, string words)
    {
        Assert.Null(Form(reason, plate, from, to).Read(out _, out var fault));
        Assert.Contains(words, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreFilters_AreAskedAndGoIntoTheAddress()
    {
        var form = Form("OP:1", "AB12CDE", "2026-11-20T08:00", "2026-11-24T17:59");
        (form.Fuzzy, form.Lane, form.Country, form.MinScore, form.Finding, form.Disposition) = (true, "calais/calais-1", "fr", "2.5", "people", "turned_round");

        var query = form.Read(out _, out var fault);

        Assert.Equal("", fault);
        Assert.Equal((true, "calais/calais-1", "FR", 0.025), (query!.Fuzzy, query.Lanes[0], query.Country, query.MinScore));
        Assert.Equal((Anpr.Proto.V1.Search.Types.Finding.People, Anpr.Proto.V1.Disposition.Types.Outcome.TurnedRound), (query.Finding, query.Disposition));
        Assert.Contains("min_score=0.025&finding=people&disposition=turned_round", form.Typed().ToAddress(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("many", "min_score 'many'")]
    [InlineData("101", "min_score '1.01'")]
    public void Read_AScoreThatIsNone_IsRefusedByName(string score, string words)
    {
        var form = Form("OP:1", "AB12CDE", "2026-11-20T08:00", "2026-11-20T09:00");
        form.MinScore = score;

        Assert.Null(form.Read(out _, out var fault));
        Assert.Contains(words, fault, StringComparison.Ordinal);
    }

    private static MovementForm Form(string reason, string plate, string from, string to) => new() { Reason = reason, Plate = plate, From = from, To = to };
}
