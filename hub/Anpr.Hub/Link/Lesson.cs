namespace Anpr.Hub.Link;

/// <summary>What became of a sighting.</summary>
/// <param name="Here">Where.</param>
/// <param name="At">When.</param>
/// <param name="From">Where and when its vehicle was seen before; null when never.</param>
internal sealed record Lesson(Place Here, DateTimeOffset At, (Place Place, DateTimeOffset At)? From);

/// <summary>A lane of a port.</summary>
internal readonly record struct Place(string Port, string Lane)
{
    /// <summary>port/lane.</summary>
    public string Key => $"{Port}/{Lane}";
}
