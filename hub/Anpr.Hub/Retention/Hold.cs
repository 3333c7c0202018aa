using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Retention;

/// <summary>What a legal hold is on.</summary>
public enum HoldKind
{
    /// <summary>One passage.</summary>
    Passage,

    /// <summary>Every passage of a vehicle, those to come as well.</summary>
    Vehicle,

    /// <summary>Every passage with a plate that reads so.</summary>
    Plate,
}

/// <summary>A legal hold: nothing that it is on is deleted, by no period and on no request, until a supervisor lifts it.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Kind">What it is on.</param>
/// <param name="Of">Id of the passage or vehicle, or the folded registration.</param>
/// <param name="Reason">CODE:REF.</param>
/// <param name="By">User who placed it.</param>
/// <param name="At">Hub clock.</param>
/// <param name="LiftedBy">User who lifted it; empty while it stands.</param>
/// <param name="LiftedAt">When it was lifted, null while it stands.</param>
public sealed record Hold(string Id, HoldKind Kind, string Of, string Reason, string By, DateTimeOffset At, string LiftedBy = "", DateTimeOffset? LiftedAt = null)
{
    /// <summary>All holds that ever were.</summary>
    public static Table<Hold> Table { get; } = new("holds", h => h.Id);

    /// <summary>Those that stand.</summary>
    public static TableIndex<Hold> ByStanding { get; } = Table.Index("standing", h => h.LiftedAt is null ? h.Id : null);

    /// <summary>It stands.</summary>
    public bool Stands => LiftedAt is null;
}

/// <summary>The holds that stand, as one transaction sees them.</summary>
internal sealed class Holds
{
    private readonly Dictionary<(HoldKind Kind, string Of), Hold> held = [];

    private Holds(IStoreLookup store)
    {
        foreach (var hold in store.Range(Hold.ByStanding, "0", Keys.Last.ToString(), int.MaxValue))
        {
            held[(hold.Kind, hold.Of)] = hold;
            // A vehicle that was joined to another since goes on in that one.
            for (var id = hold.Of; hold.Kind == HoldKind.Vehicle && store.Range(Merge.ByGone, id, id, 1) is [var merge]; id = merge.Into)
            {
                held.TryAdd((HoldKind.Vehicle, merge.Into), hold);
            }
        }
    }

    public static Holds In(IStoreLookup store) => new(store);

    /// <summary>The hold that is on a passage, itself or through what was seen in it; null when there is none.</summary>
    public Hold? On(PassageRecords passage) => held.Count == 0 ? null : Names(passage).Select(name => held.GetValueOrDefault(name)).FirstOrDefault(h => h is not null);

    /// <summary>The hold that is on one of these vehicles or registrations; null when there is none.</summary>
    public Hold? On(IEnumerable<string> vehicles, IEnumerable<string> texts) => held.Count == 0 ? null : vehicles.Select(v => (HoldKind.Vehicle, v))
        .Concat(texts.Select(t => (HoldKind.Plate, t))).Select(name => held.GetValueOrDefault(name)).FirstOrDefault(h => h is not null);

    /// <summary>One is on a vehicle that was joined, or on that which it was joined to: through the merge alone the hold goes on there.</summary>
    public bool AreOn(Merge merge) => On([merge.Gone.Id, merge.Into], [merge.Gone.Text]) is not null;

    /// <summary>One is on what a message that was put aside names.</summary>
    public bool AreOn(Quarantined aside) => held.Count > 0 && PlateOf(aside) is { } text && On([], [text]) is not null;

    /// <summary>The registration that a message which was put aside names; null where it holds none.</summary>
    public static string? PlateOf(Quarantined aside)
    {
        try
        {
            return aside.Kind == "sighting" ? PlateText.Fold(Sighting.Parser.ParseFrom(aside.Message).Text) : null;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static IEnumerable<(HoldKind Kind, string Of)> Names(PassageRecords passage) => passage.Sightings
        .SelectMany(s => ((HoldKind Kind, string Of)[])[(HoldKind.Vehicle, s.Vehicle), (HoldKind.Plate, s.Text)])
        .Concat(passage.Vehicles.Select(v => (HoldKind.Plate, v.Text)))
        .Prepend((HoldKind.Passage, passage.Id));
}
