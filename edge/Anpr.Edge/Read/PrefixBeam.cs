using Anpr.Models.Plates;

namespace Anpr.Edge.Read;

/// <summary>
/// CTC prefix beam search: the texts that are likeliest after each time step, each with the probability that it ends in a blank and
/// that it ends in its last character. Probabilities are relative to the likeliest text's, so that nothing vanishes over many steps.
/// </summary>
internal sealed class PrefixBeam
{
    // A character this unlikely cannot be in one of the few texts that are kept.
    private const float Negligible = 1e-4f;

    // Texts of stripes and leaves grow in all directions: some hundreds a step, in one list for all searches of a thread.
    [ThreadStatic]
    private static List<Grown>? t_grown;

    private readonly int _width;
    private readonly List<Grown> _grown = t_grown ??= [];
    private readonly int[] _order;
    private Kept[] _kept;
    private Kept[] _next;
    private int _count = 1;

    private PrefixBeam(int steps, int width)
    {
        _width = width;
        _order = new int[width + 1];
        (_kept, _next) = (Room(steps, width), Room(steps, width));
        _kept[0].Blank = 1;
    }

    /// <summary>At most <paramref name="width"/> texts of T x 37 probabilities, class 0 the blank; at least one.</summary>
    public static IReadOnlyList<string> Search(ReadOnlySpan<float> probabilities, int width)
    {
        var steps = probabilities.Length / CtcLine.Classes;
        var beam = new PrefixBeam(steps, width);
        for (var t = 0; t < steps; t++)
        {
            beam.Step(probabilities.Slice(t * CtcLine.Classes, CtcLine.Classes));
        }

        return [.. beam._kept.Take(beam._count).Select(kept => string.Create(kept.Length, kept.Classes, Write))];
    }

    private static void Write(Span<char> text, byte[] classes)
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = PlateText.Alphabet[classes[i] - 1];
        }
    }

    private static Kept[] Room(int steps, int width) => [.. Enumerable.Range(0, width).Select(_ => new Kept { Classes = new byte[steps] })];

    private void Step(ReadOnlySpan<float> p)
    {
        _grown.Clear();
        for (var k = 0; k < _count; k++)
        {
            _grown.Add(new() { From = k, Blank = _kept[k].Sum * CtcLine.Floored(p[0]) });
        }

        for (byte c = 1; c < CtcLine.Classes; c++)
        {
            if (p[c] >= Negligible)
            {
                Extend(c, p[c]);
            }
        }

        Narrow();
    }

    private void Extend(byte letter, double p)
    {
        for (var k = 0; k < _count; k++)
        {
            ref var kept = ref _kept[k];
            if (kept.EndsIn(letter))
            {
                // Again the same character: the same text, or after a blank its second one.
                Add(k, kept.Mark * p);
                Add(k, letter, kept.Blank * p);
            }
            else
            {
                Add(k, letter, kept.Sum * p);
            }
        }
    }

    private void Add(int from, byte letter, double mark)
    {
        for (var k = 0; k < _count; k++)
        {
            if (_kept[k].Is(_kept[from], letter))
            {
                Add(k, mark);
                return;
            }
        }

        if (mark > 0)
        {
            _grown.Add(new() { From = from, Letter = letter, Mark = mark });
        }
    }

    private void Add(int at, double mark) => _grown[at] = _grown[at] with { Mark = _grown[at].Mark + mark };

    private void Narrow()
    {
        var chosen = 0;
        for (var g = 0; g < _grown.Count; g++)
        {
            var at = chosen;
            for (; at > 0 && Before(_grown[g], _grown[_order[at - 1]]); at--)
            {
                _order[at] = _order[at - 1];
            }

            _order[at] = g;
            chosen = Math.Min(chosen + 1, _width);
        }

        var likeliest = _grown[_order[0]].Sum;
        for (var k = 0; k < chosen; k++)
        {
            var grown = _grown[_order[k]];
            _next[k].Become(_kept[grown.From], grown, likeliest);
        }

        (_kept, _next, _count) = (_next, _kept, chosen);
    }

    // Ties are settled by the text, so that the same line always gives the same texts.
    private bool Before(in Grown a, in Grown b) => a.Sum > b.Sum || (a.Sum == b.Sum && Compare(a, b) < 0);

    private int Compare(in Grown a, in Grown b)
    {
        var x = _kept[a.From].Text;
        var y = _kept[b.From].Text;
        Span<byte> p = stackalloc byte[x.Length + 1];
        Span<byte> q = stackalloc byte[y.Length + 1];
        x.CopyTo(p);
        y.CopyTo(q);
        p[^1] = a.Letter;
        q[^1] = b.Letter;
        return p.SequenceCompareTo(q);
    }

    /// <summary>What a kept text becomes by one step: itself (letter 0) or one character more.</summary>
    private readonly record struct Grown(int From, byte Letter, double Blank, double Mark)
    {
        public double Sum => Blank + Mark;
    }

    private struct Kept
    {
        public required byte[] Classes { get; init; }

        public int Length { get; private set; }

        public double Blank { get; set; }

        public double Mark { get; private set; }

        public readonly double Sum => Blank + Mark;

        public readonly ReadOnlySpan<byte> Text => Classes.AsSpan(0, Length);

        public readonly bool EndsIn(byte letter) => Length > 0 && Classes[Length - 1] == letter;

        public readonly bool Is(in Kept prefix, byte letter) => Length == prefix.Length + 1 && EndsIn(letter) && Text[..^1].SequenceEqual(prefix.Text);

        public void Become(in Kept from, in Grown grown, double likeliest)
        {
            from.Text.CopyTo(Classes);
            Length = from.Length;
            if (grown.Letter > 0)
            {
                Classes[Length++] = grown.Letter;
            }

            (Blank, Mark) = (grown.Blank / likeliest, grown.Mark / likeliest);
        }
    }
}
