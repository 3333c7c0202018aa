namespace Anpr.Benchmarks.Reading;

/// <summary>Probabilities of being right, each with whether it was: how far they can be taken at their word. No state but the sample.</summary>
internal sealed class Calibration
{
    /// <summary>Bins of the calibration error.</summary>
    public const int Bins = 15;

    // What is told as certain and wrong would cost infinitely much: no probability counts as nearer to 0 or 1 than this.
    private const double Least = 1e-6;

    private readonly List<(double P, bool Right)> _told = [];

    /// <summary>Size of the sample.</summary>
    public int Count => _told.Count;

    /// <summary>Share that was right, 0..1; NaN when there is none.</summary>
    public double ShareRight => _told.Count == 0 ? double.NaN : (double)_told.Count(t => t.Right) / _told.Count;

    /// <summary>Mean of the probabilities, 0..1; NaN when there is none.</summary>
    public double MeanProbability => _told.Count == 0 ? double.NaN : _told.Average(t => t.P);

    /// <summary>Mean of -ln(probability given to what was the case), nats, 0 or more; NaN when there is none.</summary>
    public double LogLoss => _told.Count == 0 ? double.NaN : _told.Average(t => -Math.Log(Math.Clamp(t.Right ? t.P : 1 - t.P, Least, 1 - Least)));

    /// <summary>
    /// Expected calibration error, 0..1: the sample in order of its probabilities is divided into <see cref="Bins"/> bins of equal size,
    /// and the distances between each bin's mean probability and its share of right ones are averaged, weighted by size. Equal
    /// probabilities share their right ones evenly, so the order of adding does not matter. NaN when there is none.
    /// </summary>
    public double ExpectedError
    {
        get
        {
            var sorted = _told.GroupBy(t => t.P).OrderBy(g => g.Key).SelectMany(g => Enumerable.Repeat((P: g.Key, Right: g.Average(t => t.Right ? 1.0 : 0)), g.Count())).ToArray();
            var error = 0.0;
            for (var bin = 0; bin < Bins; bin++)
            {
                var (from, to) = ((int)((long)sorted.Length * bin / Bins), (int)((long)sorted.Length * (bin + 1) / Bins));
                error += Math.Abs(sorted[from..to].Sum(t => t.P - t.Right));
            }

            return error / sorted.Length;
        }
    }

    /// <summary>Adds one; <paramref name="p"/> is 0..1.</summary>
    public void Add(double p, bool right)
    {
        if (!(p is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "a probability is 0 to 1");
        }

        _told.Add((p, right));
    }

    /// <summary>Adds all of another sample.</summary>
    public void Add(Calibration other) => _told.AddRange(other._told);

    /// <summary>The part of the sample whose probability is below a limit.</summary>
    public Calibration Below(double limit)
    {
        var part = new Calibration();
        part._told.AddRange(_told.Where(t => t.P < limit));
        return part;
    }
}
