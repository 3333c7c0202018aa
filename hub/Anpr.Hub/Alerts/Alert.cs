using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Assess;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Alerts;

/// <summary>Where an alert stands.</summary>
public enum AlertState
{
    /// <summary>Nobody has taken it yet.</summary>
    Raised,

    /// <summary>An officer has taken it.</summary>
    Acknowledged,

    /// <summary>Put aside for now, by an officer.</summary>
    Shelved,

    /// <summary>Dealt with.</summary>
    Resolved,

    /// <summary>A revision took its cause away ("now reads X").</summary>
    Withdrawn,
}

/// <summary>What put an alert before officers.</summary>
public enum AlertCause
{
    /// <summary>A sighting matches a watchlist entry.</summary>
    Watchlist,

    /// <summary>A vehicle went through without a readable plate.</summary>
    NoPlate,

    /// <summary>A vehicle that was turned away, or cannot have crossed meanwhile, presents itself again.</summary>
    Return,

    /// <summary>One registration at two ports sooner than anybody drives from the one to the other.</summary>
    ImpossibleJourney,

    /// <summary>A plate that no country issues, or not the one that it looks like.</summary>
    Format,

    /// <summary>One of the port's highest anomaly scores.</summary>
    Score,

    /// <summary>Much longer on its way to the control than the others of that hour.</summary>
    Dwell,

    /// <summary>Signs of danger to life.</summary>
    Danger,

    /// <summary>Another trailer behind a tractor than at the port's lane before.</summary>
    PairingChange,

    /// <summary>Two vehicles together at more controls than chance explains.</summary>
    CompanyKept,
}

/// <summary>One step in an alert's life.</summary>
/// <param name="At">Hub clock.</param>
/// <param name="State">What it became.</param>
/// <param name="By">User name, or "hub".</param>
/// <param name="Words">One sentence.</param>
public sealed record AlertStep(DateTimeOffset At, AlertState State, string By, string Words);

/// <summary>A hit put in front of officers.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Hit">Cause, passage and lane: the same hit again is the same alert, and so is one of the same vehicle that stands there.</param>
/// <param name="Cause">Why.</param>
/// <param name="Entry">Watchlist entry, empty without one.</param>
/// <param name="Pattern">The entry's pattern, to show beside what was read.</param>
/// <param name="Display">The entry's text for officers, or the rule's.</param>
/// <param name="Priority">0 danger to life, 1 highest .. 3 lowest.</param>
/// <param name="Owner">Owner of the entry; a covert alert is shown to nobody else.</param>
/// <param name="Covert">True when the entry is covert.</param>
/// <param name="Port">Where.</param>
/// <param name="Lane">Where.</param>
/// <param name="Passage">The passage.</param>
/// <param name="Sightings">The sightings that hit; empty for a rule without one. The first is shown.</param>
/// <param name="Vehicle">The vehicle, empty when unread.</param>
/// <param name="Text">What was read, empty when unread; after a withdrawal what is read now.</param>
/// <param name="Loose">The read matches the entry only through a wildcard or look-alike characters: always shown.</param>
/// <param name="CapturedAt">When it was seen, by the lane's clock.</param>
/// <param name="RaisedAt">Hub clock.</param>
/// <param name="BackMatch">Found in the past when the entry was made.</param>
/// <param name="Simulated">From a simulation.</param>
/// <param name="Late">The sighting came in late.</param>
/// <param name="State">Where it stands.</param>
/// <param name="History">All steps, oldest first; who acknowledged stays in it.</param>
public sealed record Alert(
    string Id,
    string Hit,
    AlertCause Cause,
    string Entry,
    string Pattern,
    string Display,
    int Priority,
    string Owner,
    bool Covert,
    string Port,
    string Lane,
    string Passage,
    IReadOnlyList<string> Sightings,
    string Vehicle,
    string Text,
    bool Loose,
    DateTimeOffset CapturedAt,
    DateTimeOffset RaisedAt,
    bool BackMatch,
    bool Simulated,
    bool Late,
    AlertState State,
    IReadOnlyList<AlertStep> History)
{
    /// <summary>Why, with its figures.</summary>
    public Words? Why { get; init; }

    /// <summary>That the plate is the listed one, 0..1 in hundredths; null for a wildcard, and for a rule without an entry.</summary>
    public double? Probability { get; init; }
    /// <summary>The earlier sighting that the cause rests on, empty where it rests on none: it falls once that is another vehicle's.</summary>
    public string Rests { get; init; } = "";

    /// <summary>All alerts by id.</summary>
    public static Table<Alert> Table { get; } = new("alerts", a => a.Id) { Shared = true };

    /// <summary>By time of raising.</summary>
    public static TableIndex<Alert> ByTime { get; } = Table.Index("time", a => Keys.Time(a.RaisedAt));

    /// <summary>Those that still ask for something, by priority, then time of raising.</summary>
    public static TableIndex<Alert> ByOpen { get; } = Table.Index("open", a => a.IsOpen ? Keys.Join(Keys.Number((ulong)a.Priority), Keys.Time(a.RaisedAt)) : null);

    /// <summary>By passage.</summary>
    public static TableIndex<Alert> ByPassage { get; } = Table.Index("passage", a => a.Passage);

    /// <summary>Those that ask for something, by the earlier sighting that they rest on.</summary>
    public static TableIndex<Alert> ByRest { get; } = Table.Index("rests", a => a.IsOpen && a.Rests.Length > 0 ? a.Rests : null);

    /// <summary>By vehicle, then the time of what was seen.</summary>
    public static TableIndex<Alert> ByVehicle { get; } = Table.Index("vehicle", a => a.Vehicle.Length > 0 ? Keys.Join(a.Vehicle, Keys.Time(a.CapturedAt)) : null);

    /// <summary>Raised, acknowledged or shelved.</summary>
    public bool IsOpen => State is AlertState.Raised or AlertState.Acknowledged or AlertState.Shelved;

    /// <summary>A cause as it is named in keys, exports and events.</summary>
    public static string Name(AlertCause cause) => JsonNamingPolicy.SnakeCaseLower.ConvertName(cause.ToString());

    /// <summary>True when this user may see it.</summary>
    public bool VisibleTo(Viewer viewer) => viewer.WorksAt(Port) && (!Covert || string.Equals(Owner, viewer.Name, StringComparison.Ordinal));

    /// <summary>The alert one step later.</summary>
    public Alert With(AlertState state, DateTimeOffset at, string by, string words) =>
        this with { State = state, History = [.. History, new AlertStep(at, state, by, words)] };
}
