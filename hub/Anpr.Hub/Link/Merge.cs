using Anpr.Hub.Storage;

namespace Anpr.Hub.Link;

/// <summary>Two vehicles that were found to be one. It can be undone.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="At">When, hub clock.</param>
/// <param name="Gone">The vehicle that was joined to the other, as it was.</param>
/// <param name="Into">The other one's id.</param>
/// <param name="Sightings">Those that went with it.</param>
/// <param name="Probability">That they are one, 0..1.</param>
/// <param name="Why">In words.</param>
/// <param name="UndoneBy">User; empty while it stands.</param>
public sealed record Merge(string Id, DateTimeOffset At, Vehicle Gone, string Into, IReadOnlyList<string> Sightings, double Probability, string Why, string UndoneBy = "")
{
    /// <summary>All of them.</summary>
    public static Table<Merge> Table { get; } = new("merges", m => m.Id);

    /// <summary>By time.</summary>
    public static TableIndex<Merge> ByTime { get; } = Table.Index("time", m => Keys.Time(m.At));

    /// <summary>By the vehicle that was joined, while that stands.</summary>
    public static TableIndex<Merge> ByGone { get; } = Table.Index("gone", m => m.UndoneBy.Length == 0 ? m.Gone.Id : null);

    /// <summary>By the vehicle that stays, then time.</summary>
    public static TableIndex<Merge> ByVehicle { get; } = Table.Index("vehicle", m => Keys.Join(m.Into, Keys.Time(m.At)));
}

/// <summary>Two vehicles that a person has said are not one: they are never joined again.</summary>
/// <param name="One">A vehicle.</param>
/// <param name="Other">Another.</param>
/// <param name="By">User.</param>
internal sealed record Apart(string One, string Other, string By)
{
    /// <summary>All pairs, the lesser id first.</summary>
    public static Table<Apart> Table { get; } = new("apart", a => Key(a.One, a.Other));

    /// <summary>By the greater id, then the lesser.</summary>
    public static TableIndex<Apart> ByOther { get; } = Table.Index("other", a => string.CompareOrdinal(a.One, a.Other) < 0 ? Keys.Join(a.Other, a.One) : Keys.Join(a.One, a.Other));

    /// <summary>The id of a pair, in whatever order it is named.</summary>
    public static string Key(string one, string other) => string.CompareOrdinal(one, other) < 0 ? Keys.Join(one, other) : Keys.Join(other, one);
}
