using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Anpr.Edge.Sense;

/// <summary>Fisher's exact test for a hidden rhythm (1929), on the envelope of a vibration.</summary>
internal static class Periodicity
{
    private const double BandLowHz = 1;
    private const double BandHighHz = 12;
    private const double SlowestHz = 0.7;
    private const double FastestHz = 3;

    /// <summary>Fewer frequencies than this between slowest and fastest, under about 4 s, tell no rhythm from a swing.</summary>
    private const int LeastOrdinates = 8;

    /// <summary>Probability of a rhythm at least this strong when there is none, 0..1; 1 when the record is too short to tell.</summary>
    /// <param name="samples">One channel, equally spaced.</param>
    /// <param name="rateHz">Samples a second; above twice the band's upper edge.</param>
    public static double PValue(double[] samples, double rateHz)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var envelope = Envelope(samples, rateHz);
        Fourier.Forward(envelope, FourierOptions.NoScaling);
        var ordinates = new List<double>();
        for (var k = 1; k < envelope.Length / 2; k++)
        {
            var f = k * rateHz / envelope.Length;
            if (f is >= SlowestHz and <= FastestHz)
            {
                // The squared envelope of noise in a band of width B has a spectrum that falls as B - f: levelled here.
                var power = envelope[k].Magnitude * envelope[k].Magnitude;
                ordinates.Add(power / (BandHighHz - BandLowHz - f));
            }
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

    private static Complex[] Envelope(double[] samples, double rateHz)
    {
        var mean = samples.Average();
        var spectrum = Array.ConvertAll(samples, s => new Complex(s - mean, 0));
        Fourier.Forward(spectrum, FourierOptions.NoScaling);
        for (var k = 0; k < spectrum.Length; k++)
        {
            var f = k * rateHz / spectrum.Length;
            // Positive frequencies of the band only: the inverse is the analytic signal.
            if (f is < BandLowHz or > BandHighHz)
            {
                spectrum[k] = Complex.Zero;
            }
        }

        Fourier.Inverse(spectrum, FourierOptions.NoScaling);
        return Array.ConvertAll(spectrum, z => new Complex((z.Real * z.Real) + (z.Imaginary * z.Imaginary), 0));
    }
}
