using Anpr.Hub.Ingest;

namespace Anpr.Hub.Link;

/// <summary>One character as two lanes read it.</summary>
/// <param name="A">Index of what the first read.</param>
/// <param name="B">Index of what the second read.</param>
/// <param name="CellA">Class of the first one's stated doubt, -1 when none was stated.</param>
/// <param name="CellB">Class of the second one's.</param>
/// <param name="ExpectedA">Misreads that the first one's doubt lets expect.</param>
/// <param name="ExpectedB">Misreads that the second one's lets expect.</param>
/// <param name="BlameA">Probability that the first is wrong where they differ, 0..1; else 0.</param>
internal readonly record struct LetterLesson(int A, int B, int CellA, int CellB, double ExpectedA, double ExpectedB, double BlameA)
{
    /// <summary>Probability that the second is wrong.</summary>
    public double BlameB => A == B ? 0 : 1 - BlameA;
}

/// <summary>
/// What two sightings that follow each other in a vehicle's journey teach of reading. A position teaches only what the others have earned: it is
/// left out where it is asked whether both are one vehicle, so that a link never proves itself. Pure.
/// </summary>
internal static class ReadLesson
{
    /// <summary>So much more probable as one registration than as two must the other positions make both.</summary>
    public const double Sure = 1e5;

    /// <summary>The characters that can be learned from; none of texts of unequal length, in which it is not known which belongs to which.</summary>
    public static IReadOnlyList<LetterLesson> Of(ReadBook reads, StoredSighting a, StoredSighting b)
    {
        if (a.Text.Length != b.Text.Length)
        {
            return [];
        }

        var (atA, atB) = (reads.At(a.Port, a.Lane), reads.At(b.Port, b.Lane));
        var (spreadA, spreadB) = (Spread.Of(PlateEvidence.Of(a.Message, atA)), Spread.Of(PlateEvidence.Of(b.Message, atB)));
        var agreement = Enumerable.Range(0, a.Text.Length).Select(i => PlateOdds.Agreement(spreadA[i], spreadB[i])).ToList();
        var all = agreement.Aggregate(1.0, (product, one) => product * one);
        var ((kindA, statedA), (kindB, statedB)) = (Doubts.Of(a.Message), Doubts.Of(b.Message));
        var lessons = new List<LetterLesson>();
        for (var i = 0; i < agreement.Count; i++)
        {
            var (readA, readB) = (MergedAlphabet.IndexOf(a.Text[i]), MergedAlphabet.IndexOf(b.Text[i]));
            if (readA < 0 || readB < 0 || all / agreement[i] < Sure)
            {
                continue;
            }

            var (doubtA, doubtB) = (atA.Doubt(kindA, statedA[i], a.Text[i]), atB.Doubt(kindB, statedB[i], b.Text[i]));
            lessons.Add(new(
                readA, readB, Doubts.Cell(kindA, statedA[i]), Doubts.Cell(kindB, statedB[i]), Doubts.Expected(kindA, statedA[i]), Doubts.Expected(kindB, statedB[i]),
                readA == readB ? 0 : doubtA / (doubtA + doubtB)));
        }

        return lessons;
    }
}
