using System.Globalization;

namespace Anpr.Hub.Link;

/// <summary>What really stands where a character was misread: for each read character, probabilities over <see cref="MergedAlphabet"/>.</summary>
internal static class Confusion
{
    // Any character may be under a screw or a strip of tape.
    private const double Anything = 0.2;

    private static readonly double[][] Rows = Load();

    /// <summary>The probabilities of what really stands there, given that the read character does not; sums to 1.</summary>
    /// <param name="read">Index of the read character.</param>
    public static double[] Of(int read) => Rows[read];

    private static double[][] Load()
    {
        using var stream = typeof(Confusion).Assembly.GetManifestResourceStream("confusions.txt") ?? throw new InvalidOperationException("confusions.txt is not in the program");
        using var lines = new StreamReader(stream);
        var rows = new double[MergedAlphabet.Count][];
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split(' ');
            var row = new double[MergedAlphabet.Count];
            Array.Fill(row, Anything / row.Length);
            var listed = parts.Skip(1).Select(p => (C: MergedAlphabet.IndexOf(p[0]), N: double.Parse(p.AsSpan(1), CultureInfo.InvariantCulture))).ToList();
            foreach (var (c, n) in listed)
            {
                row[c] += (1 - Anything) * n / listed.Sum(l => l.N);
            }

            rows[MergedAlphabet.IndexOf(parts[0][0])] = row;
        }

        return rows;
    }
}
