using System.Globalization;
using Anpr.Hub.Ingest;
using Anpr.Models.Plates;

namespace Anpr.Hub.Link;

/// <summary>Says in words why a link was made or not.</summary>
internal static class LinkWords
{
    public static string Why(StoredSighting sighting, Vehicle vehicle)
    {
        if (sighting.Text == vehicle.Text)
        {
            return $"same registration {vehicle.Text}";
        }

        return sighting.Text.Length == vehicle.Text.Length
            ? $"loose: {sighting.Text} looks like {vehicle.Text} ({string.Join(", ", Confusables.Differences(sighting.Text, vehicle.Text)!.Select(i => string.Create(CultureInfo.InvariantCulture, $"{sighting.Text[i]} for {vehicle.Text[i]} at {i + 1}")))})"
            : $"loose: {sighting.Text} looks like {vehicle.Text} (a character lost, or one too many)";
    }

    public static string Unsure(Vehicle vehicle, double share, double threshold) => string.Create(
        CultureInfo.InvariantCulture,
        $"not linked to {vehicle.Text}: it has {share:0.00} of the odds, and {threshold:0.00} is asked for");

    public static string Impossible(Vehicle vehicle, StoredSighting other, StoredSighting sighting)
    {
        var apart = (sighting.CapturedAt - other.CapturedAt).Duration();
        var needed = Travel.Shortest(other.Port, other.Lane, sighting.Port, sighting.Lane);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"not linked to {vehicle.Text}: it was seen at {other.LaneKey} only {apart.TotalMinutes:0.0} min apart, the way takes {needed.TotalMinutes:0.0} min or more");
    }
}
