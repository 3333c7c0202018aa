using System.Text.Json;
using System.Text.Json.Serialization;
using Anpr.Hub.Assess;

namespace Anpr.Hub.Movements;

/// <summary>Whom a vehicle is seen with.</summary>
/// <param name="Companions">More often than the traffic explains.</param>
/// <param name="Pairings">Its tractors and trailers.</param>
/// <param name="History">What happened to its pairing, newest first.</param>
public sealed record CompanyBody(IReadOnlyList<CompanionRow> Companions, IReadOnlyList<PairingRow> Pairings, IReadOnlyList<PairingFactRow> History);

/// <summary>One change in a pairing (docs/api.md).</summary>
/// <param name="Event">coupled, new_partner, former_partner, rear_missing or repeated.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Port">Where.</param>
/// <param name="Lane">Where.</param>
/// <param name="Text">What the trailer's plate read; missing where there is none of its own.</param>
/// <param name="SameVisit">True within one visit to the port.</param>
public sealed record PairingFactRow(string Event, DateTimeOffset At, string Port, string Lane, string? Text, [property: JsonPropertyName("same_visit")] bool SameVisit)
{
    /// <summary>The row of a change.</summary>
    public static PairingFactRow Of(PairingFact f) =>
        new(JsonNamingPolicy.SnakeCaseLower.ConvertName(f.Event.ToString()), f.Front.CapturedAt, f.Front.Port, f.Front.Lane, f.Trailer?.Text, f.SameVisit);
}

/// <summary>A companion (docs/api.md).</summary>
/// <param name="Vehicle">Its id.</param>
/// <param name="Text">Its registration.</param>
/// <param name="Together">In how many stays at a port.</param>
/// <param name="Expected">In how many by the traffic alone.</param>
/// <param name="Chance">Probability of so many or more by the traffic alone, 0..1.</param>
public sealed record CompanionRow(string Vehicle, string Text, int Together, double Expected, double Chance)
{
    /// <summary>The row of a companion.</summary>
    public static CompanionRow Of(Company c) => new(c.Vehicle.Id, c.Vehicle.Text, c.Found.Together, Math.Round(c.Found.Expected, 4), c.Found.Chance);
}

/// <summary>A partner in a pairing (docs/api.md).</summary>
/// <param name="Vehicle">Its id.</param>
/// <param name="Text">Its registration.</param>
/// <param name="Passages">In how many passages.</param>
/// <param name="First">First of them.</param>
/// <param name="Last">Last of them.</param>
public sealed record PairingRow(string Vehicle, string Text, int Passages, DateTimeOffset First, DateTimeOffset Last)
{
    /// <summary>The row of a pairing.</summary>
    public static PairingRow Of(Pairing p) => new(p.Vehicle.Id, p.Vehicle.Text, p.Passages, p.First, p.Last);
}
