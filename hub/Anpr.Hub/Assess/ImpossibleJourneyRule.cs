using System.Globalization;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;

namespace Anpr.Hub.Assess;

/// <summary>
/// One registration at two ports, sooner than anybody can drive from the one to the other, or than next to all others did. If both reads are sure it
/// is probably two plates, one of them cloned; else one of them is probably a misread, and nothing is told. Pure.
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
        var way = (int)(conflict.Least?.Took ?? Travel.Shortest(other.Port, other.Lane, sighting.Port, sighting.Lane)).TotalMinutes;
        var (takes, prend) = conflict.Least is { } least
            ? (string.Create(CultureInfo.InvariantCulture, $"of {least.Of} vehicles all but one in a thousand took {way} min or more"), string.Create(CultureInfo.InvariantCulture, $"sur {least.Of} véhicules, tous sauf un sur mille ont mis au moins {way} min"))
            : (string.Create(CultureInfo.InvariantCulture, $"the way takes {way} min or more"), string.Create(CultureInfo.InvariantCulture, $"le trajet prend au moins {way} min"));
        return new Hit(AlertCause.ImpossibleJourney, vehicle.Id, conflict.Least is null ? 1 : 2, "Probably a cloned plate", new(
            string.Create(CultureInfo.InvariantCulture, $"{vehicle.Text} was seen at {other.LaneKey} {apart} min {when}, and {takes}: one of the two plates is probably cloned."),
            string.Create(CultureInfo.InvariantCulture, $"{vehicle.Text} a été vue à {other.LaneKey} {apart} min {quand}, et {prend} : l'une des deux plaques est probablement une copie.")))
        {
            Rests = conflict.Least is null ? "" : other.Id, // it falls when the two are no longer one vehicle
        };
    }
}
