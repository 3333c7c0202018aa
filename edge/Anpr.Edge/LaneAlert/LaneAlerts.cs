using Anpr.Edge.Passage;
using Anpr.Models.Plates;

namespace Anpr.Edge.LaneAlert;

/// <summary>An alert of the lane.</summary>
/// <param name="Passage">The vehicle's passage.</param>
/// <param name="Sighting">The sighting that matched; null for a vehicle without a readable plate.</param>
/// <param name="Entry">The watchlist entry's id; empty for a vehicle without a readable plate.</param>
/// <param name="Display">What the display says.</param>
/// <param name="Priority">1 highest .. 3 lowest.</param>
/// <param name="Text">The text that matched; empty without one.</param>
/// <param name="Match">"exact", "loose" or "no_plate".</param>
/// <param name="Probability">That the plate is the listed one, 0..1 in hundredths; null for a wildcard or no plate.</param>
/// <param name="Camera">The camera that read it.</param>
/// <param name="Since">When it was raised, box clock, UTC.</param>
/// <param name="State">"raised" or "withdrawn".</param>
/// <param name="NowReads">Of a withdrawn one: what the plate reads now, null when the list changed.</param>
/// <param name="Until">When it leaves the display; null while its vehicle is there.</param>
internal sealed record LaneAlarm(
    Guid Passage,
    Guid? Sighting,
    string Entry,
    string Display,
    int Priority,
    string Text,
    string Match,
    double? Probability,
    string Camera,
    DateTimeOffset Since,
    string State,
    string? NowReads,
    DateTimeOffset? Until);

/// <summary>
/// Matches what the lane reads against its own copy of the watchlist, at once and with the hub gone; takes an alert back
/// when a revision of the sighting or of the list takes its cause away. Thread-safe.
/// </summary>
/// <param name="watchlist">The lane's copy.</param>
/// <param name="options">How long alerts stay.</param>
/// <param name="changed">Told of an alert that was raised or withdrawn; in the order in which it happened, must be quick.</param>
/// <param name="show">Given all alerts after each change, most urgent first; must be quick.</param>
/// <param name="time">The box's clock.</param>
internal sealed class LaneAlerts(
    WatchlistCopy watchlist,
    LaneAlertOptions options,
    Action<LaneAlarm> changed,
    Action<IReadOnlyList<LaneAlarm>> show,
    TimeProvider time)
{
    private const string Raised = "raised";
    private const string Withdrawn = "withdrawn";
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Read> _reads = [];
    private readonly Dictionary<(Guid Subject, string Entry), LaneAlarm> _alerts = [];

    /// <summary>Looks at a new revision.</summary>
    public void Consider(PassageChange change)
    {
        lock (_gate)
        {
            var before = _alerts.Values.ToList();
            if (change.Sighting is { } s)
            {
                _reads[s.Id] = new Read(s.PassageId, Reading(s), s.Camera, null);
                Match(s.Id, _reads[s.Id]);
            }

            if (change.Passage.Stage == RecordStage.Closed)
            {
                Close(change.Passage);
            }

            Tell(before);
        }
    }

    /// <summary>Looks at everything again: the list has changed.</summary>
    public void Reconsider()
    {
        lock (_gate)
        {
            var before = _alerts.Values.ToList();
            foreach (var (sighting, read) in _reads)
            {
                Match(sighting, read);
            }

            Tell(before);
        }
    }

    /// <summary>Takes away what has been shown long enough; call it about once a second.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            var (before, now) = (_alerts.Values.ToList(), time.GetUtcNow());
            foreach (var (key, alert) in _alerts.Where(a => a.Value.Until <= now).ToList())
            {
                _alerts.Remove(key);
            }

            foreach (var (sighting, _) in _reads.Where(r => r.Value.Until <= now).ToList())
            {
                _reads.Remove(sighting);
            }

            Tell(before);
        }
    }

    private void Match(Guid sighting, Read read)
    {
        var now = time.GetUtcNow();
        var matches = watchlist.Match(read.Reading, now).ToDictionary(m => m.Entry.Id, StringComparer.Ordinal);
        foreach (var (key, alert) in _alerts.Where(a => a.Key.Subject == sighting && a.Value.State == Raised && !matches.ContainsKey(a.Key.Entry)).ToList())
        {
            _alerts[key] = alert with
            {
                State = Withdrawn,
                NowReads = read.Reading.Text == alert.Text ? null : read.Reading.Text,
                Until = now + TimeSpan.FromSeconds(options.WithdrawnSeconds),
            };
        }

        foreach (var match in matches.Values)
        {
            var key = (sighting, match.Entry.Id);
            var known = _alerts.GetValueOrDefault(key);
            _alerts[key] = new LaneAlarm(
                read.Passage,
                sighting,
                match.Entry.Id,
                match.Entry.Display,
                match.Entry.Priority,
                read.Reading.Text,
                match.Loose ? "loose" : "exact",
                match.Probability is { } p ? Math.Round(p, 2) : null,
                read.Camera,
                known is { State: Raised } ? known.Since : now,
                Raised,
                null,
                read.Until);
        }
    }

    private void Close(PassageRecord passage)
    {
        var (now, until) = (time.GetUtcNow(), time.GetUtcNow() + TimeSpan.FromSeconds(options.HoldSeconds));
        foreach (var (sighting, read) in _reads.Where(r => r.Value.Passage == passage.Id).ToList())
        {
            _reads[sighting] = read with { Until = until };
        }

        foreach (var (key, alert) in _alerts.Where(a => a.Value.Passage == passage.Id && a.Value.State == Raised).ToList())
        {
            _alerts[key] = alert with { Until = until };
        }

        if (passage.SightingIds.Count == 0)
        {
            _alerts[(passage.Id, "")] = new LaneAlarm(passage.Id, null, "", "No plate read", 3, "", "no_plate", null, "", now, Raised, null, until);
        }
    }

    private void Tell(List<LaneAlarm> before)
    {
        var after = _alerts.Values.ToList();
        if (before.SequenceEqual(after))
        {
            return;
        }

        foreach (var alert in after.Where(a => !before.Exists(b => b.Sighting == a.Sighting && b.Passage == a.Passage && b.Entry == a.Entry && b.State == a.State)))
        {
            changed(alert);
        }

        show([.. after.OrderBy(a => a.State == Withdrawn).ThenBy(a => a.Priority).ThenByDescending(a => a.Since)]);
    }

    // A text that is not as it is compared loses what is known of its characters.
    private static PlateReading Reading(SightingRecord sighting) => PlateText.Fold(sighting.Text) is var text && sighting.Characters.Count == text.Length && text == sighting.Text
        ? PlateReading.Of(text, [.. sighting.Characters.Select(c => (IReadOnlyList<CharacterChance>)[new(c.C, c.P), .. c.Alternatives.Select(a => new CharacterChance(a.C, a.P))])])
        : PlateReading.Of(text);

    private sealed record Read(Guid Passage, PlateReading Reading, string Camera, DateTimeOffset? Until);
}
