using System.Globalization;
using Anpr.Edge.Passage;

namespace Anpr.Edge.Score;

/// <summary>
/// The anomaly score: logit(score) = prior + sum of weight x LLR over the evidence, nothing else. Weights below one until
/// enough outcomes are known to fit them: sensors in one lane share causes, and plain sums would be over-confident.
/// </summary>
/// <remarks>Only the kinds named here count. Nationality, country of registration, language and operator are never inputs
/// (Equality Act 2010); the score sees no plate at all.</remarks>
internal sealed class Scorer(ScoreOptions options)
{
    /// <summary>No single piece of evidence moves the odds by more than this many nats, however sure its sensor is of itself.</summary>
    internal const double Clip = 4;

    /// <summary>The passage with its score and the parts that make it, the prior first. Parts as recorded add up to the score exactly.</summary>
    public PassageRecord Score(PassageRecord passage, IReadOnlyList<Evidence> evidence)
    {
        ArgumentNullException.ThrowIfNull(passage);
        var parts = evidence.Select(Weighed).Prepend(Prior(passage)).ToList();
        return passage with { Evidence = parts, Score = Probability(parts.Sum(p => p.Weight * p.Llr)) };
    }

    /// <summary>The probability of log-odds, without overflow at either end.</summary>
    internal static double Probability(double logit) => logit >= 0 ? 1 / (1 + Math.Exp(-logit)) : Math.Exp(logit) / (1 + Math.Exp(logit));

    private Evidence Weighed(Evidence e)
    {
        double weight = e.Kind switch
        {
            EvidenceKinds.Co2 => options.Co2Weight,
            EvidenceKinds.Heartbeat => options.HeartbeatWeight,
            _ => throw new ArgumentException($"'{e.Kind}' is no kind of evidence that may move the score.", nameof(e)),
        };
        var llr = e.Veto.Length > 0 || !double.IsFinite(e.Llr) ? 0 : Math.Clamp(e.Llr, -Clip, Clip);
        return e with { Llr = llr, Weight = weight };
    }

    private Evidence Prior(PassageRecord passage)
    {
        var p = options.PriorPerThousand / 1000;
        var words = string.Create(CultureInfo.InvariantCulture, $"before any sensor: {options.PriorPerThousand:0.##} vehicles in 1,000");
        var wordsFr = string.Create(CultureInfo.InvariantCulture, $"avant tout capteur : {options.PriorPerThousand:0.##} véhicules sur 1 000");
        var at = passage.OpenedAt;
        return new Evidence(EvidenceKinds.Prior, Math.Log(p / (1 - p)), 1, words, wordsFr, "", "", at, passage.ClosedAt ?? at);
    }
}

/// <summary>The kinds of evidence that this lane knows.</summary>
internal static class EvidenceKinds
{
    /// <summary>The base rate.</summary>
    public const string Prior = "prior";

    /// <summary>CO2 inside against outside.</summary>
    public const string Co2 = "co2";

    /// <summary>Vibration of the frame.</summary>
    public const string Heartbeat = "heartbeat";
}
