using System.Globalization;
using Anpr.Hub.Alerts;

namespace Anpr.Hub.Assess;

/// <summary>
/// Longer between the first sighting at a port and its control than the traffic of that hour: time in which somebody may have climbed in.
/// Learns from the vehicles before. Thread-safe.
/// </summary>
public sealed class DwellRule
{
    /// <summary>How long ago a vehicle may have come to its control to be of the same hour's traffic.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromMinutes(90);

    /// <summary>Fewer vehicles are too few to compare with.</summary>
    public const int Least = 20;

    /// <summary>Shorter than this is never told.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMinutes(20);

    // As many times as long as all but a twentieth.
    private const double Factor = 2;
    private const double Usual = 0.95;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<(DateTimeOffset At, TimeSpan Took)>> times = new(StringComparer.Ordinal);

    /// <summary>Takes in a vehicle that came to a port's control.</summary>
    /// <param name="port">The port.</param>
    /// <param name="at">When it came to the control.</param>
    /// <param name="took">How long after its first sighting at the port.</param>
    public void Learn(string port, DateTimeOffset at, TimeSpan took)
    {
        lock (gate)
        {
            if (!times.TryGetValue(port, out var last))
            {
                times[port] = last = new Queue<(DateTimeOffset At, TimeSpan Took)>();
            }

            last.Enqueue((at, took));
            while (last.Peek().At < at - Hour)
            {
                last.Dequeue();
            }
        }
    }

    /// <summary>A hit where it took much longer than the others of that hour; null else.</summary>
    public Hit? Of(string port, DateTimeOffset at, TimeSpan took)
    {
        List<TimeSpan> others;
        lock (gate)
        {
            others = [.. (times.GetValueOrDefault(port) ?? []).Where(t => (at - t.At).Duration() <= Hour).Select(t => t.Took).Order()];
        }

        if (others.Count < Least || took < Short || took < Factor * others[(int)(Usual * (others.Count - 1))])
        {
            return null;
        }

        var (minutes, usual) = ((int)took.TotalMinutes, (int)others[others.Count / 2].TotalMinutes);
        return new Hit(AlertCause.Dwell, "", 2, "Long on the way", new(
            string.Create(CultureInfo.InvariantCulture, $"{minutes} min from its first sighting at {port} to the control; most vehicles of this hour took {usual} min."),
            string.Create(CultureInfo.InvariantCulture, $"{minutes} min entre sa première détection à {port} et le contrôle ; la plupart des véhicules de cette heure ont mis {usual} min.")));
    }
}
