using Anpr.Hub.Ingest;

namespace Anpr.Hub.Assess;

/// <summary>What happened to a towing vehicle's pairing.</summary>
public enum PairingEvent
{
    /// <summary>Its first trailer that is known.</summary>
    Coupled,

    /// <summary>A trailer that was never seen behind it before.</summary>
    NewPartner,

    /// <summary>A trailer that it had pulled before the last one.</summary>
    FormerPartner,

    /// <summary>A trailer's plate was read at the lane before, in the same visit, and none here.</summary>
    RearMissing,

    /// <summary>The rear shows the plate of the front: no trailer, or one whose country lets it repeat the tractor's plate.</summary>
    Repeated,
}

/// <summary>One change in a pairing.</summary>
/// <param name="Event">What.</param>
/// <param name="Front">The towing vehicle there.</param>
/// <param name="Trailer">The trailer's sighting; null where its plate is missing or says nothing.</param>
/// <param name="SameVisit">True when it was seen at this port's lane before within the visit.</param>
public sealed record PairingFact(PairingEvent Event, StoredSighting Front, StoredSighting? Trailer, bool SameVisit);

/// <summary>Reads the history of a pairing out of a vehicle's passages. Only changes are told. Pure.</summary>
public static class PairingHistory
{
    private static readonly TimeSpan Visit = TimeSpan.FromHours(6);

    /// <summary>Changes, oldest first.</summary>
    /// <param name="passages">Passages in which it was the towing vehicle, oldest first.</param>
    public static IReadOnlyList<PairingFact> Of(IEnumerable<Coupled> passages)
    {
        var facts = new List<PairingFact>();
        var known = new List<StoredSighting>(); // one of each trailer, in the order in which they were pulled last
        Coupled? before = null;
        foreach (var passage in passages)
        {
            if (passage.Front is not { } front)
            {
                continue;
            }

            var sameVisit = before?.Front is { } last && last.Port == front.Port && front.CapturedAt - last.CapturedAt < Visit;
            if (passage.Trailer is { } trailer)
            {
                var at = known.FindLastIndex(t => t.Vehicle == trailer.Vehicle || Coupled.AreOnePlate(t.Text, trailer.Text));
                if (at < 0 || at < known.Count - 1)
                {
                    facts.Add(new(known.Count == 0 ? PairingEvent.Coupled : at < 0 ? PairingEvent.NewPartner : PairingEvent.FormerPartner, front, trailer, sameVisit));
                }

                if (at >= 0)
                {
                    known.RemoveAt(at);
                }

                known.Add(trailer);
            }
            else if (passage.IsRepeated && before?.IsRepeated != true)
            {
                facts.Add(new(PairingEvent.Repeated, front, null, sameVisit));
            }
            else if (passage.Rear is null && sameVisit && before?.Trailer is not null)
            {
                facts.Add(new(PairingEvent.RearMissing, front, null, sameVisit));
            }

            before = passage;
        }

        return facts;
    }
}
