using System.Globalization;
using Anpr.Hub.Alerts;
using Anpr.Hub.Link;

namespace Anpr.Hub.Assess;

/// <summary>
/// Two vehicles together at more controls than chance explains (<see cref="CompanyKept"/>), told once when it is first seen. A haulier's own
/// vehicles drive together by trade: registrations of one series are left out, and only what is far beyond chance is told. Pure.
/// </summary>
public static class CompanyRule
{
    /// <summary>Fewer stays together are no company.</summary>
    public const int Least = 4;

    /// <summary>Less probable than this by chance, all candidates counted.</summary>
    public const double Rare = 1e-6;

    /// <summary>So many are told in 24 hours at all ports together, and no more: whoever is flooded reads none.</summary>
    public const int PerDay = 6;

    /// <summary>A pair that was told is not told again within this time.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromDays(30);

    /// <summary>A hit for the companion that chance explains least; null when there is none to tell.</summary>
    /// <param name="text">Registration of the vehicle.</param>
    /// <param name="found">Its companions with their figures.</param>
    public static Hit? Of(string text, IReadOnlyList<(Vehicle Vehicle, Companion Found)> found)
    {
        if (found.Where(c => c.Found.Together >= Least && c.Found.Chance < Rare && !IsSeries(text, c.Vehicle.Text)).OrderBy(c => c.Found.Chance).ToList() is not [var (vehicle, company), ..])
        {
            return null;
        }

        var (other, together, expected) = (vehicle.Text, company.Together, company.Expected);
        return new Hit(AlertCause.CompanyKept, vehicle.Id, 3, "Company kept", new(
            string.Create(CultureInfo.InvariantCulture, $"Came with {other} on {together} visits in 60 days; the traffic alone explains {expected:0.0}. It may be a haulier's own convoy."),
            string.Create(CultureInfo.InvariantCulture, $"Venu avec {other} lors de {together} passages en 60 jours ; le trafic seul en explique {expected:0.0}. Ce peut être le convoi d'un transporteur.")));
    }

    // Consecutive registrations differ at one place, or at two after a carry.
    private static bool IsSeries(string a, string b) => a.Length == b.Length && Coupled.AreOnePlate(a, b);
}
