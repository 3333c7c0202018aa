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

    /// <summary>By time, those that the audit log may not have yet.</summary>
    public static TableIndex<Merge> ByUnaudited { get; } = Table.Index("unaudited", m => m.Unaudited ? Keys.Time(m.At) : null);

    /// <summary>True until the audit log has it.</summary>
    public bool Unaudited { get; init; }

    /// <summary>The vehicle that this one is now: it may have been joined to another, and that one too.</summary>
    internal static string Now(IStoreReader store, string vehicle)
    {
        while (store.Range(ByGone, vehicle, vehicle, 1) is [var later])
        {
            vehicle = later.Into;
        }

        return vehicle;
    }
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

    /// <summary>Merges by which it came from a vehicle that was joined to one of these: when one of them is undone it ends. Empty where a person said it of these two.</summary>
    public IReadOnlyList<string> Through { get; init; } = [];

    /// <summary>The id of a pair, in whatever order it is named.</summary>
    public static string Key(string one, string other) => string.CompareOrdinal(one, other) < 0 ? Keys.Join(one, other) : Keys.Join(other, one);

    /// <summary>A vehicle is joined to another: what was said of it is true of that one now.</summary>
    public static void Inherit(IStoreWriter store, Merge merge)
    {
        foreach (var said in Of(store, merge.Gone.Id))
        {
            var third = said.One == merge.Gone.Id ? said.Other : said.One;
            if (third != merge.Into && store.Get(Table, Key(third, merge.Into)) is null)
            {
                store.Put(Table, new Apart(third, merge.Into, said.By) { Through = [.. said.Through, merge.Id] });
            }
        }
    }

    /// <summary>A merge is undone: what was true of the one that stays because of the other is so no longer.</summary>
    public static void Disinherit(IStoreWriter store, Merge merge)
    {
        // A person undoes a merge once in a while, and there are few of these.
        foreach (var said in store.All(Table).Where(a => a.Through.Contains(merge.Id, StringComparer.Ordinal)).ToList())
        {
            store.Delete(Table, Table.Id(said));
        }
    }

    /// <summary>All pairs of a vehicle.</summary>
    public static IReadOnlyList<Apart> Of(IStoreReader store, string vehicle) =>
        [.. store.Prefix(Table.ById, Keys.Join(vehicle, ""), int.MaxValue), .. store.Prefix(ByOther, Keys.Join(vehicle, ""), int.MaxValue)];
}
