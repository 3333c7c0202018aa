using System.Text.Json.Serialization;
using Anpr.Hub.Ingest;

namespace Anpr.Hub.Movements;

/// <summary>One character of a registration with what else it may be.</summary>
public sealed record CharacterRow(string C, double P, IReadOnlyList<CharacterRow>? Alternatives = null);

/// <summary>A sighting as the API and the export give it, and as the import takes it.</summary>
public sealed record SightingRow
{
    /// <summary>The sighting's id.</summary>
    public required string Id { get; init; }

    /// <summary>From 1.</summary>
    public uint Revision { get; init; } = 1;

    /// <summary>The passage it belongs to.</summary>
    public string? Passage { get; init; }

    /// <summary>calais, coquelles or dunkerque.</summary>
    public required string Port { get; init; }

    /// <summary>Lane name.</summary>
    public required string Lane { get; init; }

    /// <summary>Capture of the winning frame, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Registration, 0-9 A-Z.</summary>
    public required string Text { get; init; }

    /// <summary>Probability that the whole text is right, 0..1.</summary>
    public double Confidence { get; init; }

    /// <summary>Each character of the text with its probability.</summary>
    public IReadOnlyList<CharacterRow>? Characters { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>front or rear.</summary>
    public string? Side { get; init; }

    /// <summary>towards or away.</summary>
    public string? Direction { get; init; }

    /// <summary>The camera's name in the lane's settings.</summary>
    public string? Camera { get; init; }

    /// <summary>The stream's clock minus the box's, ms; missing when it was not measured.</summary>
    [JsonPropertyName("offset_ms")]
    public long? OffsetMs { get; init; }

    /// <summary>provisional, revised or closed.</summary>
    public string? Stage { get; init; }

    /// <summary>The vehicle that it is believed to be.</summary>
    public string? Vehicle { get; init; }

    /// <summary>Probability of that link, 0..1.</summary>
    [JsonPropertyName("link_probability")]
    public double? LinkProbability { get; init; }

    /// <summary>The text is not that of its vehicle.</summary>
    public bool? Loose { get; init; }

    /// <summary>Of a fuzzy search: that the plate is the registration that was asked for, 0..1.</summary>
    public double? Probability { get; init; }

    /// <summary>From a simulation.</summary>
    public bool? Simulated { get; init; }

    /// <summary>Came in late.</summary>
    public bool? Late { get; init; }

    /// <summary>When the hub got it, UTC.</summary>
    [JsonPropertyName("received_at")]
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>Best read of the winning frame alone, never rewritten.</summary>
    [JsonPropertyName("raw_text")]
    public string? RawText { get; init; }

    /// <summary>SHA-256 of the plate's crop.</summary>
    public string? Patch { get; init; }

    /// <summary>SHA-256 of the overview that belongs to this revision.</summary>
    public string? Overview { get; init; }

    /// <summary>The row of a stored sighting; <see cref="Link.Vehicle.IsLoose(Anpr.Hub.Storage.IStoreReader, StoredSighting)"/> says whether it is loose.</summary>
    public static SightingRow Of(StoredSighting sighting, bool loose)
    {
        var message = sighting.Message;
        return new SightingRow
        {
            Id = sighting.Id,
            Revision = message.Revision,
            Passage = message.PassageId,
            Port = sighting.Port,
            Lane = sighting.Lane,
            Time = sighting.CapturedAt,
            Text = sighting.Text,
            Confidence = Rounded(message.Confidence),
            Characters = [.. message.Characters.Select(c => new CharacterRow(c.C, Rounded(c.P), [.. c.Alternatives.Select(a => new CharacterRow(a.C, Rounded(a.P)))]))],
            Country = Known(message.Country),
            Side = message.Side == Proto.V1.Side.Unspecified ? null : message.Side.ToString().ToLowerInvariant(),
            Direction = message.Direction == Proto.V1.Direction.Unspecified ? null : message.Direction.ToString().ToLowerInvariant(),
            Camera = Known(message.Camera),
            OffsetMs = message.TimeQuality is { HasOffsetMs: true } quality ? quality.OffsetMs : null,
            Stage = message.Stage == Proto.V1.Stage.Unspecified ? null : message.Stage.ToString().ToLowerInvariant(),
            Vehicle = sighting.Vehicle,
            LinkProbability = Math.Round(sighting.LinkProbability, 4),
            Loose = loose,
            Simulated = sighting.Simulated,
            Late = sighting.Late,
            ReceivedAt = sighting.ReceivedAt,
            RawText = Known(message.RawText),
            Patch = Known(sighting.Patch),
            Overview = Known(sighting.Overview),
        };
    }

    private static double Rounded(float p) => Math.Round(p, 4);

    private static string? Known(string text) => text.Length == 0 ? null : text;
}
