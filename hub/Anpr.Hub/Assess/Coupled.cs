using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Assess;

/// <summary>The plates of one passage: the towing vehicle's in front, and at the rear its trailer's, or its own.</summary>
/// <param name="Front">Null where none was read.</param>
/// <param name="Rear">Null where none was read.</param>
public sealed record Coupled(StoredSighting? Front, StoredSighting? Rear)
{
    // Two reads of one plate differ in two characters at most; two plates rarely differ in fewer than three.
    private const int SamePlate = 2;
    private const int PerVisit = 20;

    /// <summary>
    /// True when the rear shows the plate of the front, misread or not: a vehicle without a trailer, or a trailer that repeats its tractor's plate,
    /// as some countries ask (models/Plates/countries.json). It tells no trailer from another.
    /// </summary>
    public bool IsRepeated => Front is not null && Rear is not null && (Front.Vehicle == Rear.Vehicle || AreOnePlate(Front.Text, Rear.Text));

    /// <summary>The rear plate where it is a trailer's own; else null.</summary>
    public StoredSighting? Trailer => IsRepeated ? null : Rear;

    /// <summary>True when both texts may be reads of one plate.</summary>
    public static bool AreOnePlate(string a, string b) => PlateText.Distance(PlateText.Merge(a), PlateText.Merge(b)) <= SamePlate;

    /// <summary>The plates of a sighting's passage, the surest of each side.</summary>
    public static Coupled In(IStoreLookup store, StoredSighting sighting)
    {
        var plates = store.Range(StoredSighting.ByPassage, sighting.Message.PassageId, sighting.Message.PassageId, Assessor.PerPassage).Where(s => s.LaneKey == sighting.LaneKey).ToList();
        return new(Surest(plates, Side.Front), Surest(plates, Side.Rear));
    }

    /// <summary>The plates of the passage before at the same port, if that belongs to the same visit; else null.</summary>
    /// <param name="store">Records.</param>
    /// <param name="front">The towing vehicle now.</param>
    /// <param name="visit">What lies further back is another visit.</param>
    public static Coupled? Before(IStoreLookup store, StoredSighting front, TimeSpan visit) =>
        store.Range(StoredSighting.ByVehicle, Keys.Join(front.Vehicle, Keys.Time(front.CapturedAt - visit)), Keys.Join(front.Vehicle, Keys.Time(front.CapturedAt)), PerVisit, newestFirst: true)
            .FirstOrDefault(s => s.Message.PassageId != front.Message.PassageId && s.Message.Side == Side.Front) is { } before && before.Port == front.Port
            ? In(store, before)
            : null;

    private static StoredSighting? Surest(List<StoredSighting> plates, Side side) => plates.Where(s => s.Message.Side == side).MaxBy(s => s.Message.Confidence);
}
