using System.Globalization;
using Anpr.Hub.Alerts;
using Anpr.Proto.V1;

namespace Anpr.Hub.Assess;

/// <summary>
/// The share of each port's vehicles with the highest anomaly scores: as many as officers can search, whatever the sensors' level is that day.
/// Learns from the scores of the last passages. Thread-safe.
/// </summary>
/// <param name="share">Share of a port's passages, 0..1.</param>
public sealed class BudgetRule(double share = BudgetRule.DefaultShare)
{
    /// <summary>One passage in a hundred.</summary>
    public const double DefaultShare = 0.01;

    /// <summary>Passages of a port that a score is compared with.</summary>
    public const int Window = 2000;

    /// <summary>Fewer are too few to say what is high.</summary>
    public const int Least = 200;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<double>> scores = new(StringComparer.Ordinal);

    /// <summary>Takes in the score of a closed passage.</summary>
    public void Learn(string port, Passage passage)
    {
        if (passage.Stage != Stage.Closed)
        {
            return;
        }

        lock (gate)
        {
            if (!scores.TryGetValue(port, out var last))
            {
                scores[port] = last = new Queue<double>();
            }

            last.Enqueue(passage.Score);
            if (last.Count > Window)
            {
                last.Dequeue();
            }
        }
    }

    /// <summary>A hit for a closed passage that scores higher than all but the share; null else, and while too few are known.</summary>
    public Hit? Of(string port, Passage passage)
    {
        if (passage.Stage != Stage.Closed)
        {
            return null;
        }

        int known, asHigh;
        lock (gate)
        {
            var last = scores.GetValueOrDefault(port);
            (known, asHigh) = (last?.Count ?? 0, last?.Count(s => s >= passage.Score) ?? 0);
        }

        return known < Least || asHigh >= share * known ? null : new Hit(AlertCause.Score, "", 2, "High score", new(
            string.Create(CultureInfo.InvariantCulture, $"Score {passage.Score:0.000}: {asHigh} of the last {known} vehicles of {port} scored as high."),
            string.Create(CultureInfo.InvariantCulture, $"Score {passage.Score:0.000} : {asHigh} des {known} derniers véhicules de {port} ont atteint ce score.")));
    }
}
