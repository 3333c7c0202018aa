using Anpr.Hub.Ingest;

namespace Anpr.Hub.Link;

/// <summary>What became of a sighting.</summary>
/// <param name="Here">Where.</param>
/// <param name="At">When.</param>
/// <param name="From">Where and when its vehicle was seen before; null when never.</param>
internal sealed record Lesson(Place Here, DateTimeOffset At, (Place Place, DateTimeOffset At)? From)
{
    /// <summary>What a sighting teaches.</summary>
    /// <param name="sighting">The sighting.</param>
    /// <param name="before">Its vehicle's sighting before; null when there is none.</param>
    public static Lesson Of(StoredSighting sighting, StoredSighting? before) =>
        new(new(sighting.Port, sighting.Lane), sighting.CapturedAt, before is null ? null : (new(before.Port, before.Lane), before.CapturedAt));
}

/// <summary>A lane of a port.</summary>
internal readonly record struct Place(string Port, string Lane)
{
    /// <summary>port/lane.</summary>
    public string Key => $"{Port}/{Lane}";
}
