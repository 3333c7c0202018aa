using System.Globalization;

namespace Anpr.Models.Plates;

/// <summary>What really stands where a reader read a character wrongly, out of rendered passages (<c>confusions.txt</c>). O counts as 0, I as 1.</summary>
public static class Misreads
{
    /// <summary>The characters that are told apart, digits first.</summary>
    public const string Alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    // Any character may be under a screw or a strip of tape.
    private const double Anything = 0.2;

    private static readonly int[] Indexes = [.. Enumerable.Range(0, 128).Select(c => Alphabet.IndexOf((char)c switch { 'O' => '0', 'I' => '1', var other => other }, StringComparison.Ordinal))];

    private static readonly double[][] Rows = Load();

    /// <summary>Index of a character in <see cref="Alphabet"/>; -1 for what is no character of a plate.</summary>
    public static int IndexOf(char c) => c < Indexes.Length ? Indexes[c] : -1;

    /// <summary>Probabilities over <see cref="Alphabet"/>, not to be changed, of what stands there when the read character (by its index) does not; sums to 1.</summary>
    public static double[] Of(int read) => Rows[read];

    private static double[][] Load()
    {
        using var stream = typeof(Misreads).Assembly.GetManifestResourceStream("confusions.txt") ?? throw new InvalidOperationException("confusions.txt is not in the program");
        using var lines = new StreamReader(stream);
        var rows = new double[Alphabet.Length][];
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split(' ');
            var row = new double[Alphabet.Length];
            Array.Fill(row, Anything / row.Length);
            var listed = parts.Skip(1).Select(p => (C: IndexOf(p[0]), N: double.Parse(p.AsSpan(1), CultureInfo.InvariantCulture))).ToList();
            foreach (var (c, n) in listed)
            {
                row[c] += (1 - Anything) * n / listed.Sum(l => l.N);
            }

            rows[IndexOf(parts[0][0])] = row;
        }

        return rows;
    }
}
