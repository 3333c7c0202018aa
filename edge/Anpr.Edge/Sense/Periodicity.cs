using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Anpr.Edge.Sense;

/// <summary>Fisher's exact test for a hidden rhythm (1929), on the envelope of a vibration.</summary>
internal static class Periodicity
{
    /// <summary>Twice the band's upper edge.</summary>
    internal const double LeastRateHz = 2 * BandHighHz;

    private const double BandLowHz = 1;
    private const double BandHighHz = 12;
    private const double SlowestHz = 0.7;
    private const double FastestHz = 3;

    /// <summary>Fewer frequencies than this between slowest and fastest, under about 4 s, tell no rhythm from a swing.</summary>
    private const int LeastOrdinates = 8;

    /// <summary>Probability of a rhythm at least this strong when there is none, 0..1; 1 when the record is too short to tell.</summary>
    /// <param name="samples">One channel, equally spaced.</param>
    /// <param name="rateHz">Samples a second; at least <see cref="LeastRateHz"/>.</param>
    public static double PValue(double[] samples, double rateHz)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var envelope = Envelope(samples, rateHz);
        var ordinates = new List<double>();
        var first = (int)Math.Ceiling(SlowestHz * samples.Length / rateHz);
        var last = (int)(FastestHz * samples.Length / rateHz);
        for (var k = Math.Max(1, first); k <= last; k++)
        {
            // The squared envelope of noise in a band of width B has a spectrum that falls as B - f: levelled here.
            ordinates.Add(Power(envelope, k) / (BandHighHz - BandLowHz - (k * rateHz / samples.Length)));
        }

        var sum = ordinates.Sum();
        return ordinates.Count < LeastOrdinates || sum <= 0 ? 1 : Fisher(ordinates.Max() / sum, ordinates.Count);
    }

    /// <summary>P(largest of m equal exponential shares is above g).</summary>
    internal static double Fisher(double g, int m)
    {
        // The alternating sum loses its digits where p is near 1; there its answer does not matter.
        if (g <= 1.0 / m)
        {
            return 1;
        }

        var (p, binomial) = (0.0, 1.0);
        for (var j = 1; j <= m && j * g < 1; j++)
        {
            binomial *= (m - j + 1.0) / j;
            p += (j % 2 == 1 ? 1 : -1) * binomial * Math.Pow(1 - (j * g), m - 1);
        }

        return Math.Clamp(p, 0, 1);
    }

    /// <summary>Squared magnitude of the analytic signal of the band, one value a sample.</summary>
    private static double[] Envelope(double[] samples, double rateHz)
    {
        // A power of two is many times faster; the zeros behind only ring the filter out.
        var spectrum = new Complex[(int)BitOperations.RoundUpToPowerOf2((uint)samples.Length)];
        var mean = samples.Average();
        for (var i = 0; i < samples.Length; i++)
        {
            spectrum[i] = samples[i] - mean;
        }

        Fourier.Forward(spectrum, FourierOptions.NoScaling);
        for (var k = 0; k < spectrum.Length; k++)
        {
            // Positive frequencies of the band only: the inverse is the analytic signal.
            if (k * rateHz / spectrum.Length is < BandLowHz or > BandHighHz)
            {
                spectrum[k] = Complex.Zero;
            }
        }

        Fourier.Inverse(spectrum, FourierOptions.NoScaling);
        var squared = new double[samples.Length];
        for (var i = 0; i < squared.Length; i++)
        {
            squared[i] = (spectrum[i].Real * spectrum[i].Real) + (spectrum[i].Imaginary * spectrum[i].Imaginary);
        }

        return squared;
    }

    /// <summary>The periodogram at k whole turns over the record.</summary>
    private static double Power(double[] x, int k)
    {
        var (turn, spin, sum) = (Complex.One, Complex.FromPolarCoordinates(1, -2 * Math.PI * k / x.Length), Complex.Zero);
        foreach (var value in x)
        {
            sum += value * turn;
            turn *= spin;
        }

        return (sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary);
    }
}
