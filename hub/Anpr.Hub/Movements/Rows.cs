using System.Text.Json.Serialization;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Models.Plates;

namespace Anpr.Hub.Movements;

/// <summary>A vehicle as the API and the export give it.</summary>
public sealed record VehicleRow(
    string Vehicle,
    string Text,
    double Confidence,
    string? Country,
    [property: JsonPropertyName("first_seen")] DateTimeOffset FirstSeen,
    [property: JsonPropertyName("last_seen")] DateTimeOffset LastSeen,
    int Sightings,
    IReadOnlyList<string> Ports)
{
    /// <summary>The row of a vehicle.</summary>
    public static VehicleRow Of(Vehicle v) =>
        new(v.Id, v.Text, Math.Round(v.Confidence, 4), v.Country.Length == 0 ? null : v.Country, v.FirstSeen, v.LastSeen, v.Sightings, v.Ports);
}

/// <summary>Why a sighting counts as one of a vehicle.</summary>
public sealed record LinkRow(string Sighting, string Vehicle, double Probability, bool Loose, IReadOnlyList<string> Reasons)
{
    /// <summary>The row of a sighting's link; <see cref="Vehicle.IsLoose(Anpr.Hub.Storage.IStoreReader, StoredSighting)"/> says whether it is loose.</summary>
    public static LinkRow Of(StoredSighting s, bool loose) => new(s.Id, s.Vehicle, Math.Round(s.LinkProbability, 4), loose, s.LinkReasons);
}

/// <summary>One step of an alert.</summary>
public sealed record AlertStepRow(DateTimeOffset At, string State, string By, string Words);

/// <summary>Where a read differs from the listed registration.</summary>
/// <param name="At">Position in the read, from 0.</param>
/// <param name="Read">What was read; null where a character is missing before that position.</param>
/// <param name="Listed">What is listed; null where the read has one too many.</param>
public sealed record DifferenceRow(int At, string? Read, string? Listed);

/// <summary>An alert as the API and the export give it: without the entry's reason and owner.</summary>
public sealed record AlertRow(
    string Id,
    string Cause,
    string State,
    int Priority,
    string Display,
    string? Pattern,
    string? Text,
    bool Loose,
    string Port,
    string Lane,
    DateTimeOffset Time,
    [property: JsonPropertyName("raised_at")] DateTimeOffset RaisedAt,
    string Passage,
    IReadOnlyList<string> Sightings,
    string? Vehicle,
    [property: JsonPropertyName("found_in_the_past")] bool FoundInThePast,
    bool Simulated,
    bool Late,
    IReadOnlyList<AlertStepRow> History,
    string? Why,
    [property: JsonPropertyName("why_fr")] string? WhyFr,
    double? Probability,
    IReadOnlyList<DifferenceRow>? Differs)
{
    /// <summary>The row of an alert.</summary>
    public static AlertRow Of(Alert a) => new(
        a.Id, Alert.Name(a.Cause), Snake(a.State), a.Priority, a.Display, Known(a.Pattern), Known(a.Text), a.Loose, a.Port, a.Lane, a.CapturedAt, a.RaisedAt,
        a.Passage, a.Sightings, Known(a.Vehicle), a.BackMatch, a.Simulated, a.Late,
        [.. a.History.Select(h => new AlertStepRow(h.At, Snake(h.State), h.By, h.Words))], a.Why?.En, a.Why?.Fr, a.Probability,
        a.Loose && a.Text.Length > 0 ? [.. PlateDifference.Between(a.Pattern, a.Text).Select(d => new DifferenceRow(d.At, d.Read?.ToString(), d.Listed?.ToString()))] : null);

    private static string Snake(AlertState state) => state.ToString().ToLowerInvariant();

    private static string? Known(string text) => text.Length == 0 ? null : text;
}
