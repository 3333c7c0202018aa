using Anpr.Hub.Storage;
using Anpr.Proto.V1;

namespace Anpr.Hub.Ingest;

/// <summary>The newest revision of one plate of a passage, as the hub keeps and links it.</summary>
/// <param name="Id">The sighting's id.</param>
/// <param name="Port">From the lane's certificate.</param>
/// <param name="Lane">From the lane's certificate.</param>
/// <param name="Message">What the lane sent, without the patch picture.</param>
/// <param name="Patch">SHA-256 of the plate's crop, empty when the lane sent none.</param>
/// <param name="ReceivedAt">When this revision came in, hub clock.</param>
/// <param name="Late">It came in more than <see cref="LateAfter"/> after it was decided, by its own clock put right.</param>
/// <param name="Vehicle">The vehicle it is believed to be.</param>
/// <param name="LinkProbability">Probability of that link, 0..1; 1 where it founded the vehicle.</param>
/// <param name="LinkReasons">Why, in words, best first.</param>
public sealed record StoredSighting(
    string Id,
    string Port,
    string Lane,
    Sighting Message,
    string Patch,
    DateTimeOffset ReceivedAt,
    bool Late,
    string Vehicle,
    double LinkProbability,
    IReadOnlyList<string> LinkReasons)
{
    /// <summary>From this delay on a sighting counts as late.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromSeconds(30);

    /// <summary>All sightings by id.</summary>
    public static Table<StoredSighting> Table { get; } = new("sightings", s => s.Id) { Shared = true };

    /// <summary>By time of capture.</summary>
    public static TableIndex<StoredSighting> ByTime { get; } = Table.Index("time", s => Keys.Time(s.CapturedAt));

    /// <summary>By registration, then time: <c>TEXT|time</c>.</summary>
    public static TableIndex<StoredSighting> ByText { get; } = Table.Index("text", s => Keys.Join(s.Text, Keys.Time(s.CapturedAt)), searched: true);

    /// <summary>By vehicle, then time: <c>vehicle|time</c>. A vehicle's range is its journey.</summary>
    public static TableIndex<StoredSighting> ByVehicle { get; } = Table.Index("vehicle", s => Keys.Join(s.Vehicle, Keys.Time(s.CapturedAt)));

    /// <summary>By passage id.</summary>
    public static TableIndex<StoredSighting> ByPassage { get; } = Table.Index("passage", s => s.Message.PassageId);

    /// <summary>Consensus registration, 0-9 A-Z.</summary>
    public string Text => Message.Text;

    /// <summary>Capture of the winning frame, by the lane's (perhaps simulated) clock, which is put right when it was wrong.</summary>
    public DateTimeOffset CapturedAt => LaneClock.At(Message.CapturedAt, Message.TimeQuality);

    /// <summary>SHA-256 of the overview that belongs to this revision; the store may not have it yet.</summary>
    public string Overview => Message.OverviewSha256;

    /// <summary>It comes from a simulation.</summary>
    public bool Simulated => Message.TimeQuality?.Simulated ?? false;

    /// <summary>port/lane.</summary>
    public string LaneKey => $"{Port}/{Lane}";
}
