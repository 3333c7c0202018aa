using Anpr.Hub.Alerts;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Assess;

/// <summary>
/// A plate that was read surely, looks like one of a country, and holds what that country does not issue. It speaks of the plate, never of
/// people. One whose look says nothing is not told: one real plate in twenty is of a format that is in no table (old, diplomatic, chosen ones).
/// </summary>
/// <param name="countries">Formats.</param>
public sealed class FormatRule(CountryTable countries)
{
    /// <summary>Least probability of the whole text: a misread is no wrong plate.</summary>
    public const double Sure = 0.98;

    // Frames that were read: one alone may be wrong whatever it says.
    private const int Reads = 3;

    /// <summary>A hit for a closed sighting; null else.</summary>
    public Hit? Of(Sighting sighting)
    {
        if (sighting.Stage != Stage.Closed || sighting.Confidence < Sure || sighting.Reads < Reads || sighting.Text.Contains(PlateText.Unknown, StringComparison.Ordinal))
        {
            return null;
        }

        var issued = countries.Match(sighting.Text);
        if (sighting.Country.Length == 0 || issued.Contains(sighting.Country, StringComparer.Ordinal))
        {
            return null;
        }

        var (others, autres) = issued.Count == 0 ? ("no other country's either", "ni d'aucun autre") : ($"it is one of {string.Join(", ", issued)}", $"mais de {string.Join(", ", issued)}");
        return new Hit(AlertCause.Format, "", 3, "Unusual plate", new(
            $"The plate looks like {sighting.Country}, and {sighting.Text} is no registration of that country: {others}.",
            $"La plaque ressemble à {sighting.Country}, et {sighting.Text} n'est pas une immatriculation de ce pays, {autres}."));
    }
}
