using Anpr.Hub.Ingest;

namespace Anpr.Hub.Link;

/// <summary>
/// What was learned of how lanes read: what each takes for what, and how far its doubts are true. A pair of lanes, or a lane, of which little is
/// known has its ports behind it, those have all ports, and those what is shipped. Immutable.
/// </summary>
internal sealed class ReadBook
{
    // So few matches say nothing that their ports do not.
    private const int Few = 20;

    private readonly Dictionary<(string From, string To), Confusions> _between = [];
    private readonly Dictionary<string, Reading> _lanes = new(StringComparer.Ordinal);
    private readonly Reading _any;

    /// <summary>Out of what was counted for each pair of lanes.</summary>
    public ReadBook(IEnumerable<LanePair> pairs)
    {
        var counts = pairs.Where(p => p.Letters.Count > 0).Select(p => (Pair: p, Letters: LetterCounts.Of(p))).ToList();
        All = Confusions.Shipped.Learned(LetterCounts.Sum(counts.Select(c => c.Letters)));
        foreach (var ports in counts.GroupBy(c => (c.Pair.From.Port, c.Pair.To.Port)))
        {
            var between = All.Learned(LetterCounts.Sum(ports.Select(c => c.Letters)));
            foreach (var (pair, letters) in ports)
            {
                _between[(pair.From.Key, pair.To.Key)] = pair.Matches < Few ? between : between.Learned(letters.Letters);
            }
        }

        var ends = counts.SelectMany(c => (List<(Place Place, LetterCounts Counts, IReadOnlyList<double> Expected, IReadOnlyList<double> Wrong)>)
        [
            (c.Pair.From, c.Letters, c.Pair.ExpectedFrom, c.Pair.WrongFrom), (c.Pair.To, c.Letters, c.Pair.ExpectedTo, c.Pair.WrongTo),
        ]).ToList();
        var any = Doubts.Stated.Learned(Doubts.Sum(ends.Select(e => e.Expected)), Doubts.Sum(ends.Select(e => e.Wrong)));
        _any = new(any, All);
        foreach (var port in ends.GroupBy(e => e.Place.Port, StringComparer.Ordinal))
        {
            var doubts = any.Learned(Doubts.Sum(port.Select(e => e.Expected)), Doubts.Sum(port.Select(e => e.Wrong)));
            var letters = All.Learned(LetterCounts.Sum(port.Select(e => e.Counts)));
            foreach (var lane in port.GroupBy(e => e.Place.Key, StringComparer.Ordinal))
            {
                _lanes[lane.Key] = new(
                    doubts.Learned(Doubts.Sum(lane.Select(e => e.Expected)), Doubts.Sum(lane.Select(e => e.Wrong))),
                    letters.Learned(LetterCounts.Sum(lane.Select(e => e.Counts))));
            }
        }
    }

    /// <summary>What is taken for what anywhere.</summary>
    public Confusions All { get; }

    /// <summary>What is taken for what between two lanes.</summary>
    public Confusions Between(string from, string to) => _between.GetValueOrDefault((from, to), All);

    /// <summary>What reads of a lane are worth.</summary>
    public Reading At(string port, string lane) => _lanes.GetValueOrDefault($"{port}/{lane}", _any);

    /// <summary>What a sighting says of its registration.</summary>
    public PlateEvidence EvidenceOf(StoredSighting sighting) => PlateEvidence.Of(sighting.Message, At(sighting.Port, sighting.Lane));
}
