using System.Globalization;
using Anpr.Edge.Score;
using Anpr.Hardware.Bus;
using Cargo = Anpr.Proto.V1.Cargo;

namespace Anpr.Edge.Sense;

/// <summary>
/// CO2 inside minus outside, both seen by one cell so that its offset cancels, as a log-likelihood ratio between
/// "somebody has been breathing in there" and "nobody".
/// </summary>
/// <remarks>
/// With N people for t hours, k air changes an hour and V m³ of free air the rise is 1e6 N G / (k V) (1 - exp(-k t)), G = 0.014 m³/h
/// (0.0039 L/s at 1.0 met, Persily and de Jonge 2017). None of N, t, k, V is known, so the likelihood of "somebody" is the
/// mean over a grid of all of them, and that of "nobody" is the sensor's own error, plus one vehicle in twenty with cargo,
/// wood or exhaust that gives off CO2 too; one in a hundred where dry cargo is booked, every second where timber is.
/// </remarks>
internal static class Co2Evidence
{
    /// <summary>Readings that make one measurement.</summary>
    internal const int Needed = 5;

    /// <summary>Readings over which the rise is averaged at most.</summary>
    private const int Window = 10;

    private const double GenerationM3PerHour = 0.014;

    /// <summary>Standard error of a rise in ppm: repeatability of an NDIR cell (10 ppm, Sensirion SCD30) and the air between booth and trailer.</summary>
    private const double ErrorPpm = 15;

    /// <summary>Share of the rise that gain error adds to it (3-5 % of reading).</summary>
    private const double GainError = 0.05;

    /// <summary>Share of occupied vehicles whose air the probe misses: people hang sheets as an air trap, or the probe is not far enough in
    /// (at Calais in 2001 a test missed ten people). An assumption until outcomes are known; it keeps plain air from clearing a vehicle.</summary>
    private const double MissedShare = 0.2;

    // Share of vehicles with nobody in them whose cargo gives off CO2, by what is booked. Wood pellets gave 2,960-21,570 ppm in closed holds
    // (Svedberg 2008); for the rest an assumption until outcomes are known.
    private const double RespiringShare = 0.05;
    private const double RespiringDry = 0.01;
    private const double RespiringTimber = 0.5;
    private const double RespiringMeanPpm = 300;
    private const double LeastPpm = 300;
    private const double MostPpm = 40_000;
    private const double MostOutsidePpm = 2_000;

    private static readonly double[] Rises =
    [
        .. from people in new[] { 1, 2, 4, 8 }
           from hours in new[] { 1 / 6.0, 0.5, 1, 2 }
           from changes in new[] { 0.3, 1, 3 }
           from volume in new[] { 60, 90.0 }
           select RisePpm(people, hours, changes, volume),
    ];

    /// <summary>The evidence of a window, of a vehicle with this cargo.</summary>
    public static Evidence Judge(Device device, DateTimeOffset from, DateTimeOffset to, Cargo cargo = Cargo.Unknown)
    {
        ArgumentNullException.ThrowIfNull(device);
        var inside = device.Readings("inside", from, to);
        var outside = device.Readings("outside", from, to);
        if (inside.Count < Needed || outside.Count < Needed)
        {
            return SensorWords.None(EvidenceKinds.Co2, device.Name, Veto.TooShort, from, to);
        }

        if (inside.Any(r => r.Value is < LeastPpm or > MostPpm) || outside.Any(r => r.Value is < LeastPpm or > MostOutsidePpm))
        {
            return SensorWords.None(EvidenceKinds.Co2, device.Name, Veto.OutOfRange, from, to);
        }

        if (IsFlat(inside) || IsFlat(outside))
        {
            return SensorWords.None(EvidenceKinds.Co2, device.Name, Veto.Flat, from, to);
        }

        var rise = LargestRise(inside, outside.Average(r => r.Value));
        var words = string.Create(CultureInfo.InvariantCulture, $"CO2 {rise:+0;-0;0} ppm over ambient");
        var wordsFr = string.Create(CultureInfo.InvariantCulture, $"CO2 {rise:+0;-0;0} ppm par rapport à l'air extérieur");
        var (booked, bookedFr) = cargo switch
        {
            Cargo.Dry => (", dry cargo is booked", ", chargement sec réservé"),
            Cargo.Timber => (", timber is booked", ", bois réservé"),
            _ => ("", ""),
        };
        return new Evidence(EvidenceKinds.Co2, Llr(rise, cargo), 0, words + booked, wordsFr + bookedFr, "", device.Name, from, to);
    }

    /// <summary>ln of how much likelier a rise is with somebody in there, nats.</summary>
    /// <param name="ppm">Inside minus outside.</param>
    /// <param name="cargo">What is booked.</param>
    internal static double Llr(double ppm, Cargo cargo = Cargo.Unknown)
    {
        var respiring = cargo switch { Cargo.Dry => RespiringDry, Cargo.Timber => RespiringTimber, _ => RespiringShare };
        var tail = ppm > 0 ? Math.Exp(-ppm / RespiringMeanPpm) / RespiringMeanPpm : 0;
        var nobody = ((1 - respiring) * Normal(ppm, ErrorPpm)) + (respiring * tail);
        var felt = Rises.Average(rise => Normal(ppm - rise, Math.Sqrt((ErrorPpm * ErrorPpm) + (GainError * rise * GainError * rise))));
        var somebody = ((1 - MissedShare) * felt) + (MissedShare * nobody);
        // Both vanish far below zero, where only a fault can lead: no evidence.
        return somebody <= 0 || nobody <= 0 ? 0 : Math.Log(somebody / nobody);
    }

    /// <summary>Rise in ppm after a time.</summary>
    internal static double RisePpm(int people, double hours, double airChangesPerHour, double freeM3) =>
        1e6 * people * GenerationM3PerHour / (airChangesPerHour * freeM3) * (1 - Math.Exp(-airChangesPerHour * hours));

    /// <summary>The probe is at the cargo for a part of the window only: the highest average of consecutive readings.</summary>
    private static double LargestRise(IReadOnlyList<Reading> inside, double ambient)
    {
        var length = Math.Min(Window, inside.Count);
        return Enumerable.Range(0, inside.Count - length + 1).Max(start => inside.Skip(start).Take(length).Average(r => r.Value)) - ambient;
    }

    private static bool IsFlat(IReadOnlyList<Reading> readings) => readings.Count >= Window && readings.All(r => r.Value == readings[0].Value);

    private static double Normal(double x, double sigma) => Math.Exp(-0.5 * x * x / (sigma * sigma)) / (sigma * Math.Sqrt(2 * Math.PI));
}
