using Anpr.Hub.Ingest;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;

namespace Anpr.Hub.Tests.Ingest;

/// <summary>Each field that a message cannot be without: one message of a lane, one field spoilt, and the fault begins with its name.</summary>
public sealed class MessageCheckTests : IDisposable
{
    private static readonly string PassageId = Guid.CreateVersion7().ToString();

    private readonly GrpcChannel nowhere = GrpcChannel.ForAddress("http://127.0.0.1:9");
    private readonly LaneClient lane;

    public MessageCheckTests() => lane = new LaneClient(nowhere, TimeProvider.System);

    public void Dispose() => nowhere.Dispose();

    [Fact]
    public void Fault_WholeMessages_IsNone()
    {
        Assert.Null(Fault(new IngestMessage { Sighting = Sighting() }));
        Assert.Null(Fault(new IngestMessage { Passage = lane.Passage(PassageId, [PassageId]) }));
        Assert.Null(Fault(new IngestMessage { Search = lane.Search(PassageId) }));
        Assert.Null(Fault(new IngestMessage { Disposition = lane.Disposition(PassageId) }));
        Assert.StartsWith("body", Fault(new IngestMessage()), StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_SpoiltSighting_NamesTheField() => AssertNamed<Sighting>(Sighting, s => new IngestMessage { Sighting = s },
        ("id", s => s.Id = ""),
        ("stage", s => s.Stage = Stage.Unspecified),
        ("camera", s => s.Camera = ""),
        ("camera", s => s.Camera = new string('x', 201)),
        ("detection", s => s.Detection = float.PositiveInfinity),
        ("characters", s => s.Characters.Add(new Character { C = "A", P = float.NaN })),
        ("characters", s => s.Characters.Add(new Character { C = "A", P = 1, Alternatives = { new CharacterAlternative { C = "B", P = float.NaN } } })),
        ("alternatives", s => s.Alternatives.Add(new TextAlternative { Text = "A", P = float.NegativeInfinity })),
        ("quad", s => s.Quad.Add(new Point { X = 1, Y = float.NaN })),
        ("time_quality", s => s.TimeQuality = null));

    [Fact]
    public void Fault_SpoiltPassage_NamesTheField() => AssertNamed<Passage>(() => lane.Passage(PassageId, []), p => new IngestMessage { Passage = p },
        ("revision", p => p.Revision = 0),
        ("stage", p => p.Stage = Stage.Unspecified),
        ("closed_at", p => p.ClosedAt = null),
        ("station", p => p.Station = ""),
        ("station", p => p.Station = "Control"),
        ("sighting_ids", p => p.SightingIds.Add("17")),
        ("sighting_ids", p => p.SightingIds.AddRange(Enumerable.Repeat(PassageId, 33))),
        ("score", p => p.Score = double.NaN),
        ("evidence", p => p.Evidence.Add(new Evidence { Llr = double.NaN })),
        ("time_quality", p => p.TimeQuality = null),
        ("opened_at", p => p.OpenedAt = null));

    [Fact]
    public void Fault_SpoiltSearch_NamesTheField() => AssertNamed<Search>(() => lane.Search(PassageId), s => new IngestMessage { Search = s },
        ("passage_id", s => s.PassageId = "x"),
        ("reason", s => s.Reason = Search.Types.Reason.Unspecified),
        ("methods", s => s.Methods.Clear()),
        ("methods", s => s.Methods.Add("")),
        ("finding", s => s.Finding = Search.Types.Finding.Unspecified),
        ("people", s => s.People = 5),
        ("people", s => s.Finding = Search.Types.Finding.People),
        ("people", s => (s.Finding, s.People) = (Search.Types.Finding.People, 201)),
        ("people", s => (s.Finding, s.People) = (Search.Types.Finding.Goods, 201)),
        ("officer", s => s.Officer = "sup"),
        ("started_at", s => s.StartedAt = null),
        ("ended_at", s => s.EndedAt = DateTimeOffset.UnixEpoch.ToTimestamp()));

    [Fact]
    public void Fault_SpoiltDisposition_NamesTheField() => AssertNamed<Disposition>(() => lane.Disposition(PassageId), d => new IngestMessage { Disposition = d },
        ("passage_id", d => d.PassageId = ""),
        ("outcome", d => d.Outcome = Disposition.Types.Outcome.Unspecified),
        ("officer", d => d.Officer = "sup"),
        ("at", d => d.At = null));

    [Theory]
    [InlineData("ab12cde", "at 1 of 7")]
    [InlineData("AB12 CDE", "at 5 of 8")]
    [InlineData("??", "no known character")]
    [InlineData("AB12CDEAB12CDEAB1", "17 characters")]
    public void Fault_OfARegistration_SaysWhatIsWrongWithoutShowingIt(string text, string words)
    {
        var sighting = Sighting();
        sighting.Text = text;

        var fault = Fault(new IngestMessage { Sighting = sighting })!;

        Assert.Contains(words, fault, StringComparison.Ordinal);
        Assert.DoesNotContain(text, fault, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Fault_OfNamesThatHoldARegistration_NeverShowsIt()
    {
        const string plate = "AB12CDE";
        var (id, passage, station) = (Sighting(), Sighting(), lane.Passage(PassageId, []));
        (id.Id, passage.PassageId, station.Station) = (plate, plate, plate);

        Assert.All(
            [new IngestMessage { Sighting = id }, new IngestMessage { Sighting = passage }, new IngestMessage { Passage = station }],
            message => Assert.DoesNotContain(plate, Fault(message)!, StringComparison.Ordinal));
    }

    private static void AssertNamed<T>(Func<T> whole, Func<T, IngestMessage> message, params (string Field, Action<T> Spoil)[] faults)
    {
        foreach (var (field, spoil) in faults)
        {
            var spoilt = whole();
            spoil(spoilt);
            var fault = Fault(message(spoilt));
            Assert.StartsWith(field + " ", fault ?? $"nothing was said of {field}", StringComparison.Ordinal);
            Assert.Contains(". ", fault, StringComparison.Ordinal); // the cure follows
        }
    }

    private Sighting Sighting() => lane.Sighting("AB12CDE", PassageId, [1], []);

    private static string? Fault(IngestMessage message) => MessageCheck.Fault(Incoming.Of(message), TimeProvider.System.GetUtcNow());
}
