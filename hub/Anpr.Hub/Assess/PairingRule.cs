using System.Globalization;
using Anpr.Hub.Alerts;

namespace Anpr.Hub.Assess;

/// <summary>
/// Another trailer behind a tractor than at the lane of the same port before: within one visit nobody changes it for business. Changes between
/// visits are ordinary, and a rear plate that is missing is mostly one that could not be read: both are facts of the journey, and no alert. Pure.
/// </summary>
public static class PairingRule
{
    /// <summary>Least probability of both trailers' texts: a misread is no other trailer.</summary>
    public const double Sure = 0.9;

    /// <summary>A hit where both passages show a trailer's own plate surely, and not the same; else null.</summary>
    /// <param name="before">At the lane before, in the same visit.</param>
    /// <param name="now">Here.</param>
    public static Hit? Of(Coupled before, Coupled now)
    {
        if (before.Trailer is not { } old || now is not { Front: { } front, Trailer: { } other } || before.Front is not { } then
            || old.Vehicle == other.Vehicle || Coupled.AreOnePlate(old.Text, other.Text) || old.Message.Confidence < Sure || other.Message.Confidence < Sure)
        {
            return null;
        }

        var minutes = (int)(front.CapturedAt - then.CapturedAt).TotalMinutes;
        return new Hit(AlertCause.PairingChange, "", 2, "Other trailer", new(
            string.Create(CultureInfo.InvariantCulture, $"{front.Text} pulled trailer {old.Text} at {then.LaneKey} {minutes} min before; here it pulls {other.Text}."),
            string.Create(CultureInfo.InvariantCulture, $"{front.Text} tractait la remorque {old.Text} à {then.LaneKey} {minutes} min plus tôt ; ici, c'est {other.Text}.")));
    }
}
