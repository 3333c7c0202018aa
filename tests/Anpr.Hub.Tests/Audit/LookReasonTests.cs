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
}
