using Anpr.Models.Plates;

namespace Anpr.Hub.Link;

/// <summary>What really stands where a character was misread, and how often each is: of one pair of lanes, one pair of ports, or all. Immutable.</summary>
internal sealed class Confusions
{
    // Where a source gives no probabilities, as imported records do: what published matchers take for a good read.
    private const double Assumed = 0.01;

    // So many misreads, and so many reads, of one character are believed before any was seen.
    private const double Belief = 20;
    private const double ReadBelief = 500;

    private readonly double[][] _rows;
    private readonly double[] _misread;

    private Confusions(double[][] rows, double[] misread) => (_rows, _misread) = (rows, misread);

    /// <summary>What our reader takes for what on rendered plates (<see cref="Misreads"/>): what is believed while nothing is learned.</summary>
    public static Confusions Shipped { get; } = new([.. Enumerable.Range(0, MergedAlphabet.Count).Select(Misreads.Of)], [.. Enumerable.Repeat(Assumed, MergedAlphabet.Count)]);

    /// <summary>The probabilities of what really stands there, given that the read character does not; sums to 1.</summary>
    /// <param name="read">Index of the read character.</param>
    public double[] this[int read] => _rows[read];

    /// <summary>How often a read character is not what stands there, 0..1.</summary>
    public double Misread(int read) => _misread[read];

    /// <summary>What was learned, with these behind it while that is little: a Dirichlet prior.</summary>
    /// <param name="letters">How often one character was read where the other lane read another: of both lanes, so that each pair counts both ways.</param>
    public Confusions Learned(double[][] letters)
    {
        var (rows, misread) = (new double[_rows.Length][], new double[_rows.Length]);
        for (var read = 0; read < rows.Length; read++)
        {
            var all = 0.0;
            var other = 0.0;
            for (var c = 0; c < rows.Length; c++)
            {
                all += letters[read][c] + letters[c][read];
                other += c == read ? 0 : letters[read][c] + letters[c][read];
            }

            rows[read] = new double[rows.Length];
            for (var c = 0; c < rows.Length; c++)
            {
                rows[read][c] = ((c == read ? 0 : letters[read][c] + letters[c][read]) + (Belief * _rows[read][c])) / (other + Belief);
            }

            // Of two reads that differ either may be the wrong one.
            misread[read] = ((other / 2) + (ReadBelief * _misread[read])) / (all + ReadBelief);
        }

        return new(rows, misread);
    }
}
