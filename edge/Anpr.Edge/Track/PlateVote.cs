using Anpr.Edge.Read;
using Anpr.Models.Plates;

namespace Anpr.Edge.Track;

/// <summary>
/// Puts the reads of one plate together, character by character: reads are aligned to the most supported text by edit distance, and the
/// log-probabilities of each position are summed, weighted by the plate's size and the read's confidence. The formats of countries are
/// weighed in once, on what the reads say together: a prior that each read had in it already would count as often as there are reads.
/// Raw reads are not changed. Not thread-safe.
/// </summary>
internal sealed class PlateVote(TrackOptions options, PlateSyntax syntax)
{
    // At this width a read has all its weight: strokes are about 3 pixels wide, as camera makers ask (2.7 px a stroke).
    private const float FullWidthPx = 90;

    private readonly List<Ballot> _reads = [];
    private Consensus? _consensus;
    private bool _stale;

    /// <summary>All reads so far, those with a usable text.</summary>
    public int Count { get; private set; }

    /// <summary>What they say together; null before the first usable read.</summary>
    public Consensus? Consensus
    {
        get
        {
            if (_stale)
            {
                _stale = false;
                _consensus = Decide();
            }

            return _consensus;
        }
    }

    /// <summary>Adds a look; a text that is too short, and one that counts already, is left out.</summary>
    public void Add(PlateLook look)
    {
        if (look.Repeated || look.Read.Text.Length < options.MinTextLength)
        {
            return;
        }

        Count++;
        var weight = Math.Clamp(look.Plate.Box.Width / FullWidthPx, 0.1f, 1) * (0.1f + (0.9f * look.Read.Confidence));
        Keep(new(look.Read, weight, PlateText.Merge(look.Read.Text), VoteColumns.Evidence(look.Read)));
        _stale = true;
    }

    /// <summary>Takes over the reads of another track of the same plate.</summary>
    public void Add(PlateVote other)
    {
        Count += other.Count;
        other._reads.ForEach(Keep);
        _stale = true;
    }

    private void Keep(Ballot read)
    {
        if (_reads.Count < options.MaxReads)
        {
            _reads.Add(read);
            return;
        }

        var weakest = 0;
        for (var i = 1; i < _reads.Count; i++)
        {
            weakest = _reads[i].Weight < _reads[weakest].Weight ? i : weakest;
        }

        if (_reads[weakest].Weight < read.Weight)
        {
            _reads[weakest] = read;
        }
    }

    private Consensus? Decide()
    {
        if (_reads.Count == 0)
        {
            return null;
        }

        var texts = _reads
            .GroupBy(r => r.Read.Text, StringComparer.Ordinal)
            .OrderByDescending(g => g.Sum(r => r.Weight)).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.Key)
            .ToList();
        var columns = Columns(texts[0]);
        var (raw, rawConfidence) = _reads is [var only] ? (only.Read.Text, only.Read.Confidence) : columns.Raw();
        var says = SyntaxRead.Of(syntax.Apply(Spellings(texts, columns), syntax.Together(_reads.Select(r => (r.Read.Look, r.Weight)), columns.Scale)));
        var merged = PlateText.Merge(raw);
        var supporters = _reads.Where(r => r.Merged == merged).ToList();
        var agreeing = _reads.Count(r => PlateText.Distance(r.Merged, merged) <= 1);
        return new(says.Text, raw, rawConfidence, says.Confidence, says.Characters, Alternatives(says), says.Country, Lines(supporters), Count, agreeing);
    }

    private VoteColumns Columns(string pivot)
    {
        var columns = new VoteColumns(pivot);
        foreach (var ballot in _reads)
        {
            columns.Add(ballot.Read.Text, ballot.Evidence, ballot.Weight);
        }

        return columns;
    }

    // Where some reads have a character more than the most supported text, theirs is a spelling too.
    private IReadOnlyList<Spelling> Spellings(List<string> texts, VoteColumns columns)
    {
        if (_reads is [var only])
        {
            return only.Read.Spellings;
        }

        var spellings = VoteSpellings.Of(columns.Probabilities(), 1 - columns.Inserted);
        return columns.Inserted > 0 && texts.Find(t => t.Length > texts[0].Length) is { } longer
            ? [.. spellings, VoteSpellings.Whole(Columns(longer).Probabilities(), columns.Inserted)]
            : spellings;
    }

    // The reads' own other texts matter where characters may be missing; the others come from the vote.
    private List<TextProbability> Alternatives(SyntaxRead says)
    {
        var (text, confidence) = (says.Text, says.Confidence);
        var found = says.Alternatives.ToDictionary(a => a.Text, a => a.P, StringComparer.Ordinal);
        var weights = _reads.Sum(r => r.Weight);
        foreach (var group in _reads.Where(r => r.Read.Text != text).GroupBy(r => r.Read.Text, StringComparer.Ordinal))
        {
            var p = (1 - confidence) * group.Sum(r => r.Weight) / weights;
            found[group.Key] = Math.Max(found.GetValueOrDefault(group.Key), p);
        }

        found.Remove(text);
        return [.. found.Select(f => new TextProbability(f.Key, Math.Clamp(f.Value, 0, 1))).Where(a => a.P >= 0.001f).OrderByDescending(a => a.P).ThenBy(a => a.Text, StringComparer.Ordinal).Take(8)];
    }

    private static int Lines(List<Ballot> supporters) =>
        supporters.Where(s => s.Read.Lines == 2).Sum(s => s.Weight) * 2 > supporters.Sum(s => s.Weight) ? 2 : 1;

    private sealed record Ballot(PlateRead Read, float Weight, string Merged, double[][] Evidence);
}
