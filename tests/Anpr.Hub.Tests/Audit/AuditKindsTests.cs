using Anpr.Hub.Audit;

namespace Anpr.Hub.Tests.Audit;

public sealed class AuditKindsTests
{
    [Theory]
    [InlineData("ingest.batch", "collection")]
    [InlineData("sightings.import", "collection")]
    [InlineData("watchlist.add", "alteration")]
    [InlineData("alert.acknowledge", "alteration")]
    [InlineData("search.record", "alteration")]
    [InlineData("movements.search", "consultation")]
    [InlineData("picture.overview", "consultation")]
    [InlineData("audit.read", "consultation")]
    [InlineData("sightings.export", "disclosure")]
    [InlineData("vehicle.merge", "combination")]
    [InlineData("vehicle.rejoin", "combination")]
    [InlineData("audit.wiped", "erasure")]
    [InlineData("retention.erase", "erasure")]
    [InlineData("session.begin", "access")]
    [InlineData("lane.enrol", "access")]
    [InlineData("hub.init", "system")]
    [InlineData("audit.verify", "system")]
    [InlineData("of-tomorrow", "alteration")]
    public void Of_Act_IsItsKindInTheLaw(string what, string kind) => Assert.Equal(kind, AuditKinds.Of(what));

    [Fact]
    public void Of_AnyAct_IsOneOfTheKinds() => CsCheck.Check.Sample(CsCheck.Gen.String, what => Assert.Contains(AuditKinds.Of(what), AuditKinds.All));
}
