using Anpr.Edge.Read;
using Anpr.Models.Plates;

namespace Anpr.Edge.Track;

/// <summary>
/// Puts the reads of one plate together, character by character: reads are aligned to the most supported text by edit distance, and the
/// log-probabilities of each position are summed, weighted by the plate's size and the read's confidence. Raw reads are not changed.
/// Not thread-safe.
/// </summary>
internal sealed class PlateVote(TrackOptions options)
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

    /// <summary>Adds a look; a text that is too short is left out.</summary>
    public void Add(PlateLook look)
    {
        if (look.Read.Text.Length < options.MinTextLength)
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

        var pivot = _reads
            .GroupBy(r => r.Read.Text, StringComparer.Ordinal)
            .OrderByDescending(g => g.Sum(r => r.Weight)).ThenBy(g => g.Key, StringComparer.Ordinal)
            .First().Key;
        var columns = new VoteColumns(pivot);
        foreach (var ballot in _reads)
        {
            columns.Add(ballot.Read.Text, ballot.Evidence, ballot.Weight);
        }

        var (characters, confidence) = columns.Decide();
        var text = string.Concat(characters.Select(c => c.C));
        var merged = PlateText.Merge(text);
        var agreeing = _reads.Count(r => PlateText.Distance(r.Merged, merged) <= 1);
        if (_reads is [var only])
        {
            confidence = only.Read.Confidence;
        }

        var supporters = _reads.Where(r => r.Merged == merged).ToList();
        return new(text, confidence, characters, Alternatives(text, characters, confidence), Country(supporters), Lines(supporters), Count, agreeing);
    }

    // The reads' own other texts matter where characters may be missing; changed single characters come from the vote.
    private List<TextProbability> Alternatives(string text, IReadOnlyList<CharacterRead> characters, float confidence)
    {
        var found = new Dictionary<string, float>(StringComparer.Ordinal);
        for (var i = 0; i < characters.Count; i++)
        {
            foreach (var other in characters[i].Alternatives)
            {
                found[text[..i] + other.C + text[(i + 1)..]] = confidence * other.P / Math.Max(1e-6f, characters[i].P);
            }
        }

        var weights = _reads.Sum(r => r.Weight);
        foreach (var group in _reads.Where(r => r.Read.Text != text).GroupBy(r => r.Read.Text, StringComparer.Ordinal))
        {
            var p = (1 - confidence) * group.Sum(r => r.Weight) / weights;
            found[group.Key] = Math.Max(found.GetValueOrDefault(group.Key), p);
        }

        found.Remove(text);
        return [.. found.Select(f => new TextProbability(f.Key, Math.Clamp(f.Value, 0, 1))).Where(a => a.P >= 0.001f).OrderByDescending(a => a.P).ThenBy(a => a.Text, StringComparer.Ordinal).Take(8)];
    }

    private static string? Country(List<Ballot> supporters)
    {
        var best = supporters.GroupBy(s => s.Read.Country ?? "", StringComparer.Ordinal).OrderByDescending(g => g.Sum(s => s.Weight)).FirstOrDefault();
        return best is { Key.Length: > 0 } && best.Sum(s => s.Weight) > 0.5f * supporters.Sum(s => s.Weight) ? best.Key : null;
    }

    private static int Lines(List<Ballot> supporters) =>
        supporters.Where(s => s.Read.Lines == 2).Sum(s => s.Weight) * 2 > supporters.Sum(s => s.Weight) ? 2 : 1;

    private sealed record Ballot(PlateRead Read, float Weight, string Merged, double[][] Evidence);
}
