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

    private static MovementForm Form(string reason, string plate, string from, string to) => new() { Reason = reason, Plate = plate, From = from, To = to };
}
