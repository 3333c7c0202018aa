using Anpr.Hub.Audit;

namespace Anpr.Hub.Tests.Audit;

public sealed class LookReasonTests
{
    [Theory]
    [InlineData("OP:2026-114", "OP", "2026-114")]
    [InlineData("  CRIME:C/77.3 ", "CRIME", "C/77.3")]
    public void TryParse_CodeAndReference_AreRead(string text, string code, string reference)
    {
        Assert.True(LookReason.TryParse(text, out var reason));
        Assert.Equal(new LookReason(code, reference), reason);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("investigation")]
    [InlineData("op:1")]
    [InlineData("OP:")]
    [InlineData("OP: ")]
    [InlineData(":1")]
    [InlineData("O:1")]
    public void TryParse_NoCodeOrNoReference_IsRefused(string? text) => Assert.False(LookReason.TryParse(text, out _));

    [Fact]
    public void Read_WithWords_KeepsThemForTheLogOnly()
    {
        var reason = LookReason.Read("OP:1", " seen\nat the fence ");

        Assert.Equal(("OP:1", "OP:1 \"seen at the fence\""), (reason.ToString(), reason.Logged));
        Assert.Equal("OP:1", LookReason.Read("OP:1", null).Logged);
        Assert.Equal(LookReason.LongestText, LookReason.Read("OP:1", new string('x', LookReason.LongestText)).Text.Length);
    }

    [Theory]
    [InlineData("because", "")]
    [InlineData(null, "words alone")]
    public void Read_WithoutCodeAndReference_IsRefused(string? reason, string text) =>
        Assert.Contains("CODE:REF", Assert.Throws<Anpr.Hub.Ops.InputException>(() => LookReason.Read(reason, text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Offered_Codes_AreOfTheirOwnShape() => Assert.All(ReasonCode.Offered, c => Assert.True(LookReason.TryParse($"{c.Code}:1", out _), c.Code));
}
