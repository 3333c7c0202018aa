using System.Globalization;
using Anpr.Edge.Score;
using Anpr.Hardware.Bus;

namespace Anpr.Edge.Sense;

/// <summary>
/// Vibration of a standing vehicle's frame as a log-likelihood ratio: is there a rhythm of 42 to 180 beats a minute in the
/// envelope of the 1-12 Hz band (a heart swings a vehicle at 4-7 Hz, US patent 6370481) in at least two frame sensors and not in the ground?
/// </summary>
/// <remarks>
/// Each channel gives the p-value of <see cref="Periodicity"/>, which is exact when nobody is there. Over the channels the
/// second smallest counts, times K/2 (Rüger's bound), which holds however the channels depend on one another. With p
/// uniform under "nobody" and Beta(0.25, 1) under "somebody" the ratio is 0.25 p^-0.75: its mean under "nobody" is 1 by construction.
/// </remarks>
internal static class HeartbeatEvidence
{
    /// <summary>The shortest quiet run that is judged.</summary>
    internal static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    private const int LongestSeconds = 60;
    private const double Shape = 0.25;

    /// <summary>p below which the ground is said to beat itself.</summary>
    private const double GroundBeats = 0.01;

    private const string Ground = "ground";

    /// <summary>The evidence of a window.</summary>
    /// <param name="device">The geophones.</param>
    /// <param name="from">Start of the window.</param>
    /// <param name="to">Its end.</param>
    /// <param name="quietMmS2">Root mean square from which on a block is unquiet, mm/s²; only where the scale is known.</param>
    public static Evidence Judge(Device device, DateTimeOffset from, DateTimeOffset to, double quietMmS2)
    {
        ArgumentNullException.ThrowIfNull(device);
        var blocks = device.Blocks(from, to);
        var run = LongestQuietRun(blocks, quietMmS2 / 1000);
        var seconds = run.Sum(b => b.Samples / b.RateHz);
        if (seconds < Shortest.TotalSeconds)
        {
            var unquiet = blocks.Sum(b => b.Samples / b.RateHz) >= Shortest.TotalSeconds;
            return SensorWords.None(EvidenceKinds.Heartbeat, device.Name, unquiet ? Veto.Unquiet : Veto.TooShort, from, to);
        }

        if (run[0].RateHz < Periodicity.LeastRateHz)
        {
            return SensorWords.None(EvidenceKinds.Heartbeat, device.Name, Veto.OutOfRange, from, to);
        }

        var channels = Enumerable.Range(0, run[0].Channels).Select(c => Samples(run, c)).ToList();
        var ground = device.Channels.ToList().IndexOf(Ground);
        var frame = channels.Where((_, c) => c != ground).ToList();
        if (frame.Count == 0)
        {
            return SensorWords.None(EvidenceKinds.Heartbeat, device.Name, Veto.Missing, from, to);
        }

        if (frame.Exists(IsFlat))
        {
            return SensorWords.None(EvidenceKinds.Heartbeat, device.Name, Veto.Flat, from, to);
        }

        if (ground >= 0 && ground < channels.Count && Periodicity.PValue(channels[ground], run[0].RateHz) < GroundBeats)
        {
            return SensorWords.None(EvidenceKinds.Heartbeat, device.Name, Veto.Ground, from, to);
        }

        return Weigh(device, frame, run[0], seconds, from, to);
    }

    /// <summary>ln of the ratio for a p-value, nats.</summary>
    internal static double Llr(double p) => Math.Log(Shape) + ((Shape - 1) * Math.Log(Math.Clamp(p, 1e-12, 1)));

    private static Evidence Weigh(Device device, List<double[]> frame, RawBlock shape, double seconds, DateTimeOffset from, DateTimeOffset to)
    {
        var sorted = frame.Select(c => Periodicity.PValue(c, shape.RateHz)).Order().ToList();
        var p = sorted.Count == 1 ? sorted[0] : Math.Min(1, sorted[1] * sorted.Count / 2.0);
        // Without a scale nobody knows whether the sensor would have felt a heart: silence proves nothing.
        var llr = shape.Scale > 0 ? Llr(p) : Math.Max(0, Llr(p));
        var found = p < 0.05;
        var words = string.Create(CultureInfo.InvariantCulture, $"{(found ? "a rhythm like heartbeats" : "no heartbeat felt")} in {seconds:0} s on {frame.Count} sensors");
        var wordsFr = string.Create(CultureInfo.InvariantCulture, $"{(found ? "un rythme semblable à des battements de cœur" : "aucun battement perçu")} en {seconds:0} s sur {frame.Count} capteurs");
        return new Evidence(EvidenceKinds.Heartbeat, llr, 0, words, wordsFr, "", device.Name, from, to);
    }

    /// <summary>Consecutive blocks of one shape without a gap, all quiet; the longest such run, its last minute.</summary>
    private static List<RawBlock> LongestQuietRun(IReadOnlyList<RawBlock> blocks, double quiet)
    {
        var (best, current) = (new List<RawBlock>(), new List<RawBlock>());
        foreach (var block in blocks)
        {
            var follows = current.Count > 0 && block.Sequence == current[^1].Sequence + 1 && block.RateHz == current[^1].RateHz
                && block.Channels == current[^1].Channels && block.Scale == current[^1].Scale;
            if (!follows)
            {
                current = [];
            }

            if (IsQuiet(block, quiet))
            {
                current.Add(block);
            }
            else
            {
                current = [];
            }

            best = current.Count > best.Count ? current : best;
        }

        var last = best.Count > 0 ? (int)Math.Ceiling(LongestSeconds * best[0].RateHz / best[0].Samples) : 0;
        return [.. best.TakeLast(last)];
    }

    private static bool IsQuiet(RawBlock block, double quiet)
    {
        if (block.Scale <= 0)
        {
            return true;
        }

        for (var c = 0; c < block.Channels; c++)
        {
            var samples = Samples([block], c);
            var mean = samples.Average();
            if (Math.Sqrt(samples.Average(x => (x - mean) * (x - mean))) > quiet)
            {
                return false;
            }
        }

        return true;
    }

    private static double[] Samples(IReadOnlyList<RawBlock> run, int channel) =>
        [.. run.SelectMany(b => Enumerable.Range(0, b.Samples).Select(i => b.Counts[(i * b.Channels) + channel] * (b.Scale > 0 ? b.Scale : 1.0)))];

    private static bool IsFlat(double[] samples) => Array.TrueForAll(samples, s => s == samples[0]);
}
