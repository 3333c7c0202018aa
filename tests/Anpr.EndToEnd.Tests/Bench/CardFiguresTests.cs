using System.Text.Json;
using Anpr.Benchmarks.Reading;
using Anpr.Simulation.Processes;

namespace Anpr.EndToEnd.Tests.Bench;

public sealed class CardFiguresTests
{
    [Fact]
    public void Of_CardWithoutFigures_SaysThatEachIsMissing()
    {
        var figures = CardFigures.Of(JsonDocument.Parse("{}").RootElement).ToArray();

        Assert.Equal(3, figures.Length);
        Assert.All(figures, f => Assert.Equal("not in the card", f.Value));
    }

    [Fact]
    public void Of_CardWithOne_GivesItsValueAndCount()
    {
        const string card = """{"measured": [{"what": "False boxes a picture at 85 % recall", "value": 0.4, "n": 407}, {"what": "something else", "value": 1}]}""";
        var figures = CardFigures.Of(JsonDocument.Parse(card).RootElement).ToArray();

        Assert.Contains(figures, f => f.What.Contains("False boxes", StringComparison.Ordinal) && f.Value == "0.4, n 407" && f.N is null);
        Assert.DoesNotContain(figures, f => f.What.Contains("something else", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_ShippedCard_HasTheDetectorsPrecision() =>
        Assert.Contains(CardFigures.Of(Path.Combine(Programs.Repository, "models/detector.json")), f => f.What.StartsWith("detector, AP at IoU 0.5, ", StringComparison.Ordinal));
}
