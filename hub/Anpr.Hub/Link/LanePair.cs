using System.Globalization;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Link;

/// <summary>How often a way took that long.</summary>
/// <param name="Hour">Of the day at which it began, UTC, 0..23.</param>
/// <param name="Class">Of times, see <see cref="TravelBook"/>.</param>
/// <param name="Count">How often; older ones count less.</param>
public sealed record TimeCount(int Hour, int Class, double Count);

/// <summary>
/// What was learned of two lanes: how long vehicles take from the one to the other, and what each reads where the other reads something else.
/// Older lessons count less, so that no number is whole.
/// </summary>
/// <param name="FromPort">Empty for vehicles never seen before.</param>
/// <param name="FromLane">Empty for vehicles never seen before.</param>
/// <param name="ToPort">Where they are seen next.</param>
/// <param name="ToLane">Where they are seen next.</param>
/// <param name="Sightings">How many came this way.</param>
/// <param name="Times">How long they took; none for vehicles never seen before.</param>
public sealed record LanePair(string FromPort, string FromLane, string ToPort, string ToLane, double Sightings, IReadOnlyList<TimeCount> Times)
{
    /// <summary>All pairs of which anything was learned.</summary>
    public static Table<LanePair> Table { get; } = new("lane_pairs", p => Keys.Join($"{p.FromPort}/{p.FromLane}", $"{p.ToPort}/{p.ToLane}"));

    /// <summary>Vehicles never seen before that came lately, and when the last of them came.</summary>
    public double Lately { get; init; }

    /// <summary>When the last vehicle that was never seen before came.</summary>
    public DateTimeOffset LatelyAt { get; init; }

    /// <summary>Matches whose characters were compared.</summary>
    public double Matches { get; init; }

    /// <summary>How often the first lane read one character where the second read the other: <c>8B</c> is 8 at the first and B at the second.</summary>
    public IReadOnlyDictionary<string, double> Letters { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Misreads of the first lane that its doubts let expect, for each class of doubt.</summary>
    public IReadOnlyList<double> ExpectedFrom { get; init; } = [];

    /// <summary>Misreads of the first lane.</summary>
    public IReadOnlyList<double> WrongFrom { get; init; } = [];

    /// <summary>Misreads of the second lane that its doubts let expect.</summary>
    public IReadOnlyList<double> ExpectedTo { get; init; } = [];

    /// <summary>Misreads of the second lane.</summary>
    public IReadOnlyList<double> WrongTo { get; init; } = [];

    /// <summary>The time within which that share of the vehicles came; null where none did.</summary>
    /// <param name="share">0..1.</param>
    /// <param name="hour">Of the day at which they left, UTC; null for all hours.</param>
    public TimeSpan? Within(double share, int? hour = null)
    {
        var times = Times.Where(t => hour is null || t.Hour == hour).OrderBy(t => t.Class).ToList();
        var left = share * times.Sum(t => t.Count);
        return times.Count == 0 ? null : TimeSpan.FromSeconds(Link.Times.Longest((times.FirstOrDefault(t => (left -= t.Count) <= 1e-9) ?? times[^1]).Class));
    }

    internal Place From => new(FromPort, FromLane);

    internal Place To => new(ToPort, ToLane);
}

/// <summary>What was learned, and when: each time that the hub learns anew, or a person lets it forget, a version begins.</summary>
/// <param name="Number">From 1.</param>
/// <param name="At">Hub clock.</param>
/// <param name="By">User, or "hub".</param>
/// <param name="Why">A reason for a reset; empty when the hub has learned.</param>
/// <param name="Sightings">How many sightings it was learned from, older ones counted less.</param>
/// <param name="Matches">How many matches' characters were compared.</param>
/// <param name="Until">Sightings captured until then were learned from, or forgotten.</param>
public sealed record LearnedVersion(ulong Number, DateTimeOffset At, string By, string Why, double Sightings, double Matches, DateTimeOffset Until)
{
    /// <summary>All versions in order; what they were is not kept but of the last.</summary>
    public static Table<LearnedVersion> Table { get; } = new("learned", v => v.Number.ToString("D12", CultureInfo.InvariantCulture)) { Shared = true };
}
