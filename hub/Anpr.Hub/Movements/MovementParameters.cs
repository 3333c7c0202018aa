using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Microsoft.AspNetCore.Mvc;

namespace Anpr.Hub.Movements;

/// <summary>A question about movements as it is typed: in an address, in a gRPC message, in a form. All is optional but the reason.</summary>
public sealed partial record MovementParameters
{
    private const int Rows = 200;

    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(1);

    /// <summary>Registration or pattern.</summary>
    [FromQuery(Name = "plate"), Description("Registration; ? is one character, * any number.")]
    public string? Plate { get; init; }

    /// <summary>exact or fuzzy.</summary>
    [FromQuery(Name = "match"), Description("exact: as the plate is typed (the default). fuzzy: what the plate may have been read as, the most probable first.")]
    public string? Match { get; init; }

    /// <summary>Id of a vehicle.</summary>
    [FromQuery(Name = "vehicle"), Description("Id of a vehicle.")]
    public string? Vehicle { get; init; }

    /// <summary>The other plate of a pairing.</summary>
    [FromQuery(Name = "pairing"), Description("Registration or pattern of another vehicle's plate in the same passage: the trailer of a tractor, or the tractor of a trailer.")]
    public string? Pairing { get; init; }

    /// <summary>Ports, with commas.</summary>
    [FromQuery(Name = "port"), Description("calais, coquelles, dunkerque; several with commas.")]
    public string? Port { get; init; }

    /// <summary>Lanes, with commas.</summary>
    [FromQuery(Name = "lane"), Description("Lanes by name or as port/lane; several with commas.")]
    public string? Lane { get; init; }

    /// <summary>Country of the plate.</summary>
    [FromQuery(Name = "country"), Description("Country of the plate, two letters (ISO 3166-1).")]
    public string? Country { get; init; }

    /// <summary>Least score.</summary>
    [FromQuery(Name = "min_score"), Description("Least anomaly score of the passage, 0 to 1.")]
    public string? MinScore { get; init; }

    /// <summary>Greatest score.</summary>
    [FromQuery(Name = "max_score"), Description("Greatest anomaly score of the passage, 0 to 1.")]
    public string? MaxScore { get; init; }

    /// <summary>What a search found.</summary>
    [FromQuery(Name = "finding"), Description("What a search of the passage found: clear, people, goods, misread.")]
    public string? Finding { get; init; }

    /// <summary>What became of the vehicle.</summary>
    [FromQuery(Name = "disposition"), Description("What was decided last: released, refused, turned_round, handed_over.")]
    public string? Disposition { get; init; }

    /// <summary>Earliest capture.</summary>
    [FromQuery(Name = "from"), Description("Earliest capture, UTC; one day before to when missing.")]
    public string? From { get; init; }

    /// <summary>Latest capture.</summary>
    [FromQuery(Name = "to"), Description("Latest capture, UTC; now when missing.")]
    public string? To { get; init; }

    /// <summary>Why it is asked.</summary>
    [FromQuery(Name = "reason"), Description("Why, CODE:REF. Needed, and logged.")]
    public string? Reason { get; init; }

    /// <summary>More words about why.</summary>
    [FromQuery(Name = "reason_text"), Description("More words about why, at most 200 characters; logged.")]
    public string? ReasonText { get; init; }

    /// <summary>Who asks, and why.</summary>
    public Asking By(string user) => new(user, Reason, ReasonText);

    /// <summary>The question.</summary>
    /// <param name="now">The end of the time range when none is given.</param>
    /// <param name="limit">Most sightings; 200 when null.</param>
    /// <exception cref="InputException">Something cannot be used; the words say what, and the cure.</exception>
    public MovementQuery ToQuery(DateTimeOffset now, int? limit = null)
    {
        var to = TypedTime.Read("to", To) ?? now;
        var from = TypedTime.Read("from", From) ?? to - DefaultRange;
        Refuse(from > to, "from lies after to. Turn them round.");
        Refuse(limit is < 1 or > MovementSearch.MostRows, $"limit {limit}: 1 to {MovementSearch.MostRows}.");
        var query = new MovementQuery(Plate ?? "", from, to, List(Port), limit ?? Rows)
        {
            Fuzzy = (Match ?? "") switch { "" or "exact" => false, "fuzzy" => true, _ => throw new InputException($"match '{Match}': give exact or fuzzy.") },
            Vehicle = Vehicle?.Trim() ?? "",
            Pairing = Pairing?.Trim() ?? "",
            Lanes = List(Lane),
            Country = Country?.Trim().ToUpperInvariant() ?? "",
            MinScore = Score("min_score", MinScore),
            MaxScore = Score("max_score", MaxScore),
            Finding = string.IsNullOrEmpty(Finding) ? null : Names.Read<Search.Types.Finding>("finding", Finding),
            Disposition = string.IsNullOrEmpty(Disposition) ? null : Names.Read<Disposition.Types.Outcome>("disposition", Disposition),
        };
        Check(query);
        return query;
    }

    /// <summary>The question as the end of an address, with its reason: the same answer in another form.</summary>
    public string ToAddress()
    {
        (string Name, string? Value)[] parts =
        [
            ("plate", Plate), ("match", Match), ("vehicle", Vehicle), ("pairing", Pairing), ("port", Port), ("lane", Lane), ("country", Country), ("min_score", MinScore), ("max_score", MaxScore),
            ("finding", Finding), ("disposition", Disposition), ("from", From), ("to", To), ("reason", Reason), ("reason_text", ReasonText),
        ];
        return string.Join('&', parts.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
    }

    /// <summary>Ports from a list with commas.</summary>
    /// <exception cref="InputException">One of them is none.</exception>
    internal static IReadOnlyList<string> KnownPorts(string? text)
    {
        var ports = List(text);
        var wrong = ports.FirstOrDefault(p => !Ports.All.Contains(p, StringComparer.Ordinal));
        Refuse(wrong is not null, $"port '{wrong}': give {string.Join(", ", Ports.All)}, or several with commas.");
        return ports;
    }

    /// <summary>An id of a vehicle, as it is.</summary>
    /// <exception cref="InputException">It cannot be one.</exception>
    internal static string KnownId(string vehicle)
    {
        Refuse(!Id().IsMatch(vehicle), "vehicle: this is no id. Take it from a sighting.");
        return vehicle;
    }

    private static void Check(MovementQuery query)
    {
        KnownPorts(string.Join(',', query.Ports));
        Refuse(query.Plate.Length > 0 && query.Pattern.Length == 0, $"plate '{query.Plate}': it has no letter or digit. Give a registration, with ? or * for what is not known.");
        Refuse(query.Plate.Length > 60, "plate: 60 characters at most.");
        Refuse(query.Fuzzy && (query.Pattern.Length < 4 || query.Pattern.AsSpan().ContainsAny('?', '*')), "match fuzzy: give a whole registration of 4 characters or more, without ? or *.");
        KnownId(query.Vehicle);
        Refuse(query.Pairing.Length > 0 && PlateText.FoldPattern(query.Pairing).Length == 0, $"pairing '{query.Pairing}': it has no letter or digit. Give the other vehicle's registration.");
        Refuse(query.Pairing.Length > 0 && query.Pattern.Length == 0 && query.Vehicle.Length == 0, "pairing: give the plate or the vehicle whose pairing it is, too.");
        Refuse(query.Lanes.Any(l => !LaneNames().IsMatch(l)), $"lane '{string.Join(',', query.Lanes)}': give names of lanes, or port/lane, such as calais/calais-1.");
        Refuse(query.Country.Length > 0 && !(query.Country.Length == 2 && query.Country.All(char.IsAsciiLetterUpper)), $"country '{query.Country}': give two letters, such as FR.");
        Refuse(query.MinScore > query.MaxScore, "min_score is greater than max_score. Turn them round.");
    }

    private static double? Score(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && score is >= 0 and <= 1
            ? score
            : throw new InputException($"{name} '{text}': give a probability from 0 to 1, such as 0.05.");
    }

    private static string[] List(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static void Refuse(bool wrong, string words)
    {
        if (wrong)
        {
            throw new InputException(words);
        }
    }

    [GeneratedRegex("^[0-9A-Za-z_-]{0,100}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Id();

    [GeneratedRegex("^([a-z]{1,20}/)?[a-z0-9-]{1,40}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LaneNames();
}
