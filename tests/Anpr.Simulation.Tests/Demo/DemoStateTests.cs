using Anpr.Simulation.Demo;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Tests.Demo;

public sealed class DemoStateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Take_Revisions_CountOnce()
    {
        var state = Folded(
            """{"event":"sighting","port":"calais","lane":"calais-1","sighting":"s1","vehicle":"v1","journey":false,"latency_ms":120}""",
            """{"event":"sighting","port":"calais","lane":"calais-1","sighting":"s1","vehicle":"v1","journey":true,"latency_ms":80}""",
            """{"event":"sighting","port":"coquelles","sighting":"s2","vehicle":"v1","journey":true,"latency_ms":300}""",
            """{"event":"passage","port":"calais","passage":"p1","stage":"provisional"}""",
            """{"event":"passage","port":"calais","passage":"p1","stage":"closed"}""",
            """{"event":"alert","port":"calais","alert":"a1","state":"raised"}""",
            """{"event":"alert","port":"calais","alert":"a1","state":"acknowledged"}""",
            """{"event":"lane","port":"calais","state":"ready","outbox_waiting":7}""");
        var calais = state.Ports["calais"];
        Assert.Equal((1, 1, 1, 7L, "ready"), (calais.Sightings, calais.Passages, calais.Alerts, calais.Waiting, calais.State));
        Assert.Equal((1, 1), (state.Journeys, state.Alerts));
        Assert.Equal(300, state.P95Ms);
        Assert.Equal(["dunkerque"], DemoSummary.Of(state).Silent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("The hub answers.")]
    [InlineData("""{"event":"sighting","port":"dover"}""")]
    [InlineData("""{"event":"ready"}""")]
    public void Take_OtherLines_ChangeNothing(string line) =>
        Assert.All(Folded(line).Ports.Values, port => Assert.Equal((0, null), (port.Sightings, port.LastEvent)));

    [Fact]
    public void Percentile95_OfHundred_IsTheNinetyFifth() =>
        Assert.Equal(95, DemoState.Percentile95(Enumerable.Range(1, 100).Select(i => (double)i)));

    private static DemoState Folded(params string[] lines)
    {
        var state = new DemoState(TrafficPlan.Ports);
        foreach (var line in lines)
        {
            state.Take(line, Noon);
        }

        return state;
    }
}
