namespace Anpr.Edge.Passage;

/// <summary>When a passage opens, is revised and closes.</summary>
public sealed record PassageOptions
{
    /// <summary>Nothing of the vehicle was there for this long of capture time: it has gone.</summary>
    public TimeSpan GoneAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A vehicle whose plate is hidden while another stands in its view is kept for this long.</summary>
    public TimeSpan HiddenAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Share of the picture that differs from the empty lane when a vehicle is there, 0..1.</summary>
    public float VehicleShare { get; init; } = 0.08f;

    /// <summary>Share below which the lane counts as empty again, 0..1, less than <see cref="VehicleShare"/>.</summary>
    public float EmptyShare { get; init; } = 0.03f;

    /// <summary>A vehicle-sized change must last this long to open a passage.</summary>
    public TimeSpan AppearsFor { get; init; } = TimeSpan.FromSeconds(0.6);

    /// <summary>An empty lane must last this long to part two vehicles.</summary>
    public TimeSpan EmptyFor { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>Longest time that something without a plate may stand before it is taken for part of the lane.</summary>
    public TimeSpan LongestUnread { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Least capture time between two revisions of a sighting while the vehicle is there.</summary>
    public TimeSpan RevisionsEvery { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Plate size over its first size from which on a vehicle comes towards the camera; its inverse: goes away.</summary>
    public float GrowthTowards { get; init; } = 1.15f;

    /// <summary>
    /// Least confidence that one frame's own read of the text must have had, 0..1. What never reached it is a guess at a cloth or at dirt,
    /// however often it was guessed: the officer is told "no plate read", with the picture.
    /// </summary>
    public float LeastRead { get; init; } = 0.05f;

    /// <summary>Least confidence with which a plate alone, without motion or loop, opens a passage, 0..1.</summary>
    public float OpensFrom { get; init; } = 0.3f;
}
