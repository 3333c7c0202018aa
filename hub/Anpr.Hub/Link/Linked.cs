using Anpr.Hub.Ingest;

namespace Anpr.Hub.Link;

/// <summary>What was found for one sighting.</summary>
/// <param name="Vehicle">The vehicle as it is now.</param>
/// <param name="Sighting">The sighting with its link.</param>
public sealed record Linked(Vehicle Vehicle, StoredSighting Sighting)
{
    /// <summary>What is to be learnt of it once it is stored; null of a revision.</summary>
    internal Lesson? Lesson { get; init; }

    /// <summary>True when its vehicle was looked for; false for a revision that reads as before.</summary>
    internal bool Anew { get; init; } = true;

    /// <summary>True when its vehicle was never seen before: nothing is kept of it.</summary>
    internal bool IsFounded => Anew && Vehicle.Sightings == 1;

    /// <summary>The vehicle's sighting before; null when there is none.</summary>
    internal StoredSighting? Previous { get; init; }

    /// <summary>Other vehicles that turned out to be this one.</summary>
    internal IReadOnlyList<Merge> Merges { get; init; } = [];

    /// <summary>Their sightings, as they are now.</summary>
    internal IReadOnlyList<StoredSighting> Moved { get; init; } = [];

    /// <summary>Vehicles that it would be, were they not elsewhere, and its own where that was elsewhere so shortly before as next to nobody.</summary>
    internal IReadOnlyList<Conflict> Conflicts { get; init; } = [];

    /// <summary>What was known of ways when it was linked; null of a revision that reads as before.</summary>
    internal TravelBook? Ways { get; init; }
}

/// <summary>A vehicle that has the registration of a sighting, and was elsewhere too shortly before or after.</summary>
/// <param name="Vehicle">The vehicle.</param>
/// <param name="Sighting">Its sighting that makes it impossible.</param>
/// <param name="SamePlate">Probability that both show one registration, 0..1.</param>
public sealed record Conflict(Vehicle Vehicle, StoredSighting Sighting, double SamePlate)
{
    /// <summary>The least time of that way, where it can be driven as soon and yet next to nobody does; null where nobody can.</summary>
    public LeastTime? Least { get; init; }
}
