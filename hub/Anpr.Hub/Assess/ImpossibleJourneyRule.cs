using System.Globalization;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;

namespace Anpr.Hub.Assess;

/// <summary>
/// One registration at two ports, sooner than anybody can drive from the one to the other. If both reads are sure it is probably two plates, one
/// of them cloned; else one of them is probably a misread, and nothing is told. Pure.
/// </summary>
public static class ImpossibleJourneyRule
{
    /// <summary>Least probability that both show one registration.</summary>
    public const double Sure = 0.8;

    /// <summary>A hit where both reads are sure; null else. Two lanes of one port may see one vehicle at once.</summary>
    public static Hit? Of(StoredSighting sighting, Conflict conflict)
    {
        var (other, vehicle) = (conflict.Sighting, conflict.Vehicle);
        if (other.Port == sighting.Port || conflict.SamePlate < Sure)
        {
            return null;
        }

        var apart = (int)(sighting.CapturedAt - other.CapturedAt).Duration().TotalMinutes;
        var (when, quand) = sighting.CapturedAt >= other.CapturedAt ? ("before", "plus tôt") : ("after", "plus tard");
        var way = (int)Travel.Shortest(other.Port, other.Lane, sighting.Port, sighting.Lane).TotalMinutes;
        return new Hit(AlertCause.ImpossibleJourney, vehicle.Id, 1, "Probably a cloned plate", new(
            string.Create(CultureInfo.InvariantCulture, $"{vehicle.Text} was seen at {other.LaneKey} {apart} min {when}, and the way takes {way} min or more: one of the two plates is probably cloned."),
            string.Create(CultureInfo.InvariantCulture, $"{vehicle.Text} a été vue à {other.LaneKey} {apart} min {quand}, et le trajet prend au moins {way} min : l'une des deux plaques est probablement une copie.")));
    }
}
