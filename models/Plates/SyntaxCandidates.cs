namespace Anpr.Models.Plates;

/// <summary>Texts that a plate may have, with their weights: probability by the reader times lift. Each text once. Not thread-safe.</summary>
internal sealed class SyntaxCandidates
{
    private const int MostOthers = 8;

    private readonly List<Candidate> _all = [];

    /// <summary>A text, its weight over all spellings that gave it (one bit each), and the first of them.</summary>
    public readonly record struct Candidate(string Text, double Weight, int Spelling, ulong By);

    /// <summary>True when this spelling, one of 64 at most, has given the text.</summary>
    public bool Has(ReadOnlySpan<char> text, int spelling) => IndexOf(text) is >= 0 and var at && (_all[at].By >> spelling & 1) == 1;

    /// <summary>Adds a text's weight in a spelling that has not given it yet.</summary>
    public void Add(ReadOnlySpan<char> text, double weight, int spelling)
    {
        var at = IndexOf(text);
        if (at < 0)
        {
            _all.Add(new(text.ToString(), weight, spelling, 1UL << spelling));
        }
        else
        {
            _all[at] = _all[at] with { Weight = _all[at].Weight + weight, By = _all[at].By | (1UL << spelling) };
        }
    }

    /// <summary>The weightiest; ties are settled by the text.</summary>
    public Candidate Best()
    {
        var best = _all[0];
        foreach (var c in _all)
        {
            best = c.Weight > best.Weight || (c.Weight == best.Weight && string.CompareOrdinal(c.Text, best.Text) < 0) ? c : best;
        }

        return best;
    }

    /// <summary>Weight of a text that was added.</summary>
    public double WeightOf(string text) => _all[IndexOf(text)].Weight;

    /// <summary>The other texts with their shares of a total, from a least one on, best first.</summary>
    public IReadOnlyList<(string Text, double P)> Others(string text, double total, double least) =>
        [.. _all
            .Where(c => c.Text != text && c.Weight >= least * total)
            .OrderByDescending(c => c.Weight).ThenBy(c => c.Text, StringComparer.Ordinal)
            .Take(MostOthers)
            .Select(c => (c.Text, c.Weight / total))];

    private int IndexOf(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < _all.Count; i++)
        {
            if (text.SequenceEqual(_all[i].Text))
            {
                return i;
            }
        }

        return -1;
    }
}
