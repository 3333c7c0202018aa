using Anpr.Benchmarks.Reading;

namespace Anpr.EndToEnd.Tests.Bench;

public sealed class FigureTests
{
    private static readonly Figure[] Two = [new("plates", "3 | 4", "at least 3", 4), new("boxes", "0.3", "", null)];

    [Fact]
    public void Into_PageWithBothLines_ReplacesWhatStandsBetweenThemAlone()
    {
        var once = Figure.Into($"# A page\nbefore\n{Figure.Begin}\nold\n{Figure.End}\nafter\n", "a machine", Two);

        Assert.Equal($"# A page\nbefore\n{Figure.Begin}\na machine\n\n| figure | value | wanted | n |\n|---|---|---|---|\n| plates | 3 \\| 4 | at least 3 | 4 |\n| boxes | 0.3 |  | card |\n{Figure.End}\nafter\n", once);
        Assert.Equal(once, Figure.Into(once, "a machine", Two));
    }

    [Theory]
    [InlineData("no place for a table")]
    [InlineData("<!-- figures -->")]
    [InlineData("<!-- /figures --><!-- figures -->")]
    public void Into_PageWithoutThem_IsRefusedWithTheCure(string page)
    {
        var problem = Assert.Throws<InvalidDataException>(() => Figure.Into(page, "", Two));

        Assert.Contains(Figure.Begin, problem.Message, StringComparison.Ordinal);
    }
}
