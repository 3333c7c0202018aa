using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Proto.V1;
using CsCheck;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Tests.Link;

/// <summary>What is learned of how lanes read.</summary>
public sealed class ReadBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly ReadBook Nothing = new([]);

    private static readonly Gen<double[][]> Letters =
        Gen.Select(Gen.Int[0, MergedAlphabet.Count - 1], Gen.Int[0, MergedAlphabet.Count - 1], Gen.Double[0, 1e4]).Array[0, 60].Select(cells =>
        {
            var letters = new LetterCounts().Letters;
            Array.ForEach(cells, cell => letters[cell.Item1][cell.Item2] += cell.Item3);
            return letters;
        });

    [Fact]
    public void Confusions_AnyCounts_EachRowIsAProbabilityThatRulesNothingOut() => Letters.Sample(letters =>
    {
        var learned = Confusions.Shipped.Learned(letters);
        for (var read = 0; read < MergedAlphabet.Count; read++)
        {
            Assert.Equal(1, learned[read].Sum(), 1e-9);
            Assert.All(learned[read], p => Assert.True(p > 0));
            Assert.InRange(learned.Misread(read), 1e-9, 0.6);
        }
    });

    /// <summary>The prior: with nothing counted it is what it was, and the more is counted the nearer it comes to that.</summary>
    [Fact]
    public void Confusions_MoreAndMoreOfOneMisread_GoFromWhatIsShippedToWhatIsSeen()
    {
        var (k, x) = (MergedAlphabet.IndexOf('K'), MergedAlphabet.IndexOf('7'));
        var shares = new[] { 0, 5, 50, 5000 }.Select(count =>
        {
            var letters = new LetterCounts().Letters;
            letters[k][x] = count;
            return Confusions.Shipped.Learned(letters)[k][x];
        }).ToList();

        Assert.Equal(Confusions.Shipped[k][x], shares[0], 1e-12);
        Assert.Equal(shares.Order(), shares);
        Assert.InRange(shares[^1], 0.99, 1);
    }

    [Fact]
    public void Doubts_AnyCounts_AreMoreWhereMoreWasWrong() => Gen.Select(Gen.Double[0, 1e3], Gen.Double[0, 1e3], Gen.Double[0, 1e3], Gen.Int[0, Doubts.Cells - 1]).Sample((expected, wrong, more, cell) =>
    {
        double FactorOf(double misreads)
        {
            var (e, w) = (new double[Doubts.Cells], new double[Doubts.Cells]);
            (e[cell], w[cell]) = (expected, misreads);
            return Doubts.Stated.Learned(e, w).Factor(cell);
        }

        Assert.True(FactorOf(wrong) > 0);
        Assert.True(FactorOf(wrong + more) >= FactorOf(wrong));
        Assert.Equal(1, FactorOf(expected), 1e-9); // as stated, as before
    });

    /// <summary>Reads without probabilities: a confidence of .99 that was wrong as often as one of .5 is doubted as much.</summary>
    [Fact]
    public void Doubt_OfAWholeTextsConfidence_IsWhatWasSeenOfIt()
    {
        var (expected, wrong) = (new double[Doubts.Cells], new double[Doubts.Cells]);
        var sighting = Seen("AB12CDE", 0, confidence: 0.99f).Message;
        var (kind, stated) = Doubts.Of(sighting);
        (expected[Doubts.Cell(kind, stated[0])], wrong[Doubts.Cell(kind, stated[0])]) = (100, 1000);
        var pair = new LanePair("calais", "entry", "calais", "control", 500, []) { Matches = 500, Letters = new Dictionary<string, double> { ["AA"] = 1000 }, ExpectedFrom = expected, WrongFrom = wrong };

        var unlearned = PlateEvidence.Of(sighting).Characters[1].Options[0].P;
        var learned = new ReadBook([pair]).EvidenceOf(Seen("AB12CDE", 0, confidence: 0.99f)).Characters[1].Options[0].P;

        Assert.Equal(DoubtKind.Whole, kind);
        Assert.Equal(0.99, unlearned, 1e-9);
        Assert.InRange(learned, 0.88, 0.92);
    }

    [Fact]
    public void Lesson_OfTwoReadsThatDifferInOneCharacter_TeachesThatOneToo()
    {
        var lessons = ReadLesson.Of(Nothing, Seen("AB12CDE", 0), Seen("A812CDE", 10));

        Assert.Equal(7, lessons.Count);
        var one = Assert.Single(lessons, l => l.A != l.B);
        Assert.Equal(("B", "8"), ($"{MergedAlphabet.All[one.A]}", $"{MergedAlphabet.All[one.B]}"));
        Assert.Equal(0.5, one.BlameA, 1e-9);
    }

    /// <summary>A position is left out where it is asked whether both are one vehicle: what the others do not prove, it must not prove itself.</summary>
    [Theory]
    [InlineData("AB12CDE", "A812CXX")] // the rest says no
    [InlineData("AB1", "AB1")] // three that agree are too few without one of them
    [InlineData("AB12CDE", "AB12CD")] // which belongs to which?
    [InlineData("AB12CDE", "XY98ZZZ")]
    public void Lesson_OfWhatTheOtherPositionsDoNotProve_TeachesNothing(string a, string b) => Assert.Empty(ReadLesson.Of(Nothing, Seen(a, 0), Seen(b, 10)));

    /// <summary>Two lanes of which one takes K for 7: learned, such a pair of reads speaks for one vehicle.</summary>
    [Fact]
    public void Between_LanesThatConfuse_IsLearnedForThem_AndLessForOthers()
    {
        var letters = new Dictionary<string, double>(StringComparer.Ordinal) { ["KK"] = 100, ["K7"] = 100, ["77"] = 100 };
        var book = new ReadBook([new("calais", "entry", "calais", "control", 300, []) { Matches = 300, Letters = letters }, new("dunkerque", "a", "dunkerque", "b", 300, []) { Matches = 300, Letters = new Dictionary<string, double>(StringComparer.Ordinal) { ["KK"] = 5000, ["77"] = 5000 } }]);
        double Odds(Confusions by) => PlateOdds.Same(Spread.Of(Nothing.EvidenceOf(Seen("K", 0)).Characters, by), Spread.Of(Nothing.EvidenceOf(Seen("7", 0)).Characters, by));

        var (there, elsewhere, unlearned) = (Odds(book.Between("calais/entry", "calais/control")), Odds(book.Between("coquelles/a", "coquelles/b")), Odds(Confusions.Shipped));

        Assert.True(there > elsewhere);
        Assert.True(elsewhere > unlearned);
        Assert.True(there > 3 * unlearned);
    }

    [Fact]
    public void Calibration_AnyShare_IsAProbabilityThatRisesWithIt() => Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Sample((a, b) =>
    {
        Assert.InRange(LinkCalibration.Probability(a), 0, 0.9999);
        Assert.Equal(a.CompareTo(b), LinkCalibration.Probability(a).CompareTo(LinkCalibration.Probability(b)));
    });

    internal static StoredSighting Seen(string text, double minutes, float confidence = 0, string lane = "entry", string vehicle = "v", Side side = Side.Front, string? passage = null, string port = "calais")
    {
        var message = new Sighting
        {
            Id = Guid.NewGuid().ToString(),
            PassageId = passage ?? Guid.NewGuid().ToString(),
            Text = text,
            CapturedAt = Noon.AddMinutes(minutes).ToTimestamp(),
            Confidence = confidence,
            Side = side,
        };
        return new(message.Id, port, lane, message, "", Noon.AddMinutes(minutes), false, vehicle, 1, []);
    }
}
