namespace Anpr.Benchmarks.Link;

/// <summary>How many links were right, by how probable they were said to be.</summary>
internal sealed class Reliability
{
    private static readonly double[] Edges = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995, 1];

    private readonly (int All, int Right, double Said)[] _classes = new (int, int, double)[Edges.Length];

    /// <summary>Counts a link.</summary>
    public void Add(double probability, bool right)
    {
        var k = Math.Max(0, Array.FindIndex(Edges, e => probability < e));
        var (all, were, said) = _classes[k];
        _classes[k] = (all + 1, were + (right ? 1 : 0), said + probability);
    }

    /// <summary>One word a class that any link fell into: said, right, how many.</summary>
    public override string ToString() => string.Join(
        "  ", _classes.Where(c => c.All > 0).Select(c => FormattableString.Invariant($"{c.Said / c.All:0.####}: {(double)c.Right / c.All:0.####} of {c.All}")));
}
