using Anpr.Hub.Storage;
using Anpr.Proto.V1;

namespace Anpr.Hub.Ingest;

/// <summary>The newest revision of one vehicle's way through one lane.</summary>
/// <param name="Id">The passage's id.</param>
/// <param name="Port">From the lane's certificate.</param>
/// <param name="Lane">From the lane's certificate.</param>
/// <param name="Message">What the lane sent, without the picture.</param>
/// <param name="Picture">SHA-256 of the still of an unread vehicle, empty when there is none.</param>
/// <param name="ReceivedAt">When this revision came in, hub clock.</param>
/// <param name="Late">It came in long after it happened, by its own clock.</param>
public sealed record StoredPassage(string Id, string Port, string Lane, Passage Message, string Picture, DateTimeOffset ReceivedAt, bool Late)
{
    /// <summary>All passages by id.</summary>
    public static Table<StoredPassage> Table { get; } = new("passages", p => p.Id) { Shared = true };

    /// <summary>By opening time.</summary>
    public static TableIndex<StoredPassage> ByTime { get; } = Table.Index("time", p => Keys.Time(p.OpenedAt));

    /// <summary>When the vehicle came, by the lane's (perhaps simulated) clock, which is put right when it was wrong.</summary>
    public DateTimeOffset OpenedAt => LaneClock.At(Message.OpenedAt, Message.TimeQuality);

    /// <summary>When it had gone, by the same clock; null while it is there.</summary>
    public DateTimeOffset? ClosedAt => Message.ClosedAt is { } closed ? LaneClock.At(closed, Message.TimeQuality) : null;

    /// <summary>It comes from a simulation.</summary>
    public bool Simulated => Message.TimeQuality?.Simulated ?? false;

    /// <summary>port/lane.</summary>
    public string LaneKey => $"{Port}/{Lane}";
}
