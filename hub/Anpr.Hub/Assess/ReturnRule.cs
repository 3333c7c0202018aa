using System.Globalization;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Assess;

/// <summary>A vehicle that presents itself again: after it was turned away, or sooner than it can have crossed and come back. Pure.</summary>
public static class ReturnRule
{
    /// <summary>How long every lane of every port looks for a vehicle that was turned away.</summary>
    public static readonly TimeSpan Listed = TimeSpan.FromHours(72);

    /// <summary>Whose entries these are.</summary>
    public const string Owner = "hub";

    // Shortest ways across with boarding, as timetables have them: tunnel 35 min, Calais to Dover 90 min, Dunkerque to Dover 2 h; and back by the tunnel.
    private static readonly TimeSpan Back = TimeSpan.FromMinutes(75);
    private static readonly TimeSpan Tunnel = TimeSpan.FromMinutes(75);
    private static readonly TimeSpan Calais = TimeSpan.FromMinutes(120);
    private static readonly TimeSpan Dunkerque = TimeSpan.FromMinutes(150);

    // Sooner, at the same port, it is still the same visit.
    private static readonly TimeSpan Visit = TimeSpan.FromMinutes(15);

    /// <summary>The id of the entry for a vehicle of a passage: the same whoever decides about it, and however often.</summary>
    public static string EntryId(string passage, string sighting) => $"return-{passage}-{sighting}";

    /// <summary>True for what turns a vehicle away.</summary>
    public static bool TurnsAway(Disposition disposition) => disposition.Outcome is Disposition.Types.Outcome.Refused or Disposition.Types.Outcome.TurnedRound;

    /// <summary>The entry for a vehicle that was turned away.</summary>
    /// <param name="disposition">What was decided.</param>
    /// <param name="sighting">One plate of its passage.</param>
    /// <param name="text">The registration of its vehicle.</param>
    /// <param name="now">Hub clock.</param>
    /// <param name="revision">The list's next.</param>
    public static ListEntry Entry(Disposition disposition, StoredSighting sighting, string text, DateTimeOffset now, ulong revision)
    {
        var at = disposition.At?.ToDateTimeOffset() ?? now;
        var what = disposition.Outcome == Disposition.Types.Outcome.Refused ? "refused" : "turned round";
        return new ListEntry(
            EntryId(disposition.PassageId, sighting.Id), text, ListedKind.Fuzzy, 1, string.Create(CultureInfo.InvariantCulture, $"{what} at {sighting.Port} {at:dd MMM HH:mm}Z"),
            $"RETURN:{disposition.PassageId}", Owner, false, now, at + Listed, false, revision)
        {
            TurnedAway = new TurnedAway(disposition.PassageId, sighting.Port, what, at),
        };
    }

    /// <summary>A hit for a sighting that matches such an entry; null for the passage itself that was turned away, and for what drives away.</summary>
    public static Hit? Of(StoredSighting sighting, ListEntry entry, bool loose)
    {
        if (entry.TurnedAway is not { } away || away.Passage == sighting.Message.PassageId || sighting.Message.Direction == Direction.Away || sighting.CapturedAt < away.At)
        {
            return null;
        }

        var (since, what) = (Span(sighting.CapturedAt - away.At), away.What == "refused" ? "refusé" : "refoulé");
        return new Hit(AlertCause.Return, entry.Id, 1, "Turned away before", new(
            $"{entry.Pattern} was {away.What} at {away.Port} {since} before.", $"{entry.Pattern} a été {what} à {away.Port} {since} plus tôt."))
        {
            Entry = entry,
            Loose = loose,
        };
    }

    /// <summary>A hit for a vehicle that presents itself again sooner than it can have crossed and come back; null else.</summary>
    /// <param name="sighting">Here and now.</param>
    /// <param name="before">Its sighting before.</param>
    /// <param name="stationBefore">What the lane of that is for, empty when unknown.</param>
    /// <param name="station">What this lane is for, empty when unknown.</param>
    /// <param name="learned">Gives the least time of those who did come back; null while too few are known.</param>
    public static Hit? Of(StoredSighting sighting, StoredSighting before, string stationBefore, string station, Func<LeastTime?>? learned = null)
    {
        var gap = sighting.CapturedAt - before.CapturedAt;
        var presents = before.Port != sighting.Port || (gap >= Visit && stationBefore == "control" && station is "control" or "approach");
        if (!presents || before.Message.PassageId == sighting.Message.PassageId || sighting.Message.Direction == Direction.Away || before.Message.Direction == Direction.Away)
        {
            return null;
        }

        if (Shortest(before.Port) is var possible && gap < possible)
        {
            return Again(before, gap, $"nobody crosses and comes back in less than {Span(possible)}", $"nul ne traverse et revient en moins de {Span(possible)}");
        }

        return learned?.Invoke() is { } least && gap < least.Took
            ? Again(before, gap, $"of {least.Of} that came back all but one in a thousand took {Span(least.Took)} or more", $"sur {least.Of} revenus, tous sauf un sur mille ont mis au moins {Span(least.Took)}")
            : null;
    }

    /// <summary>Sooner nobody who left from this port can have crossed and be back, as timetables have it.</summary>
    internal static TimeSpan Shortest(string port) => Back + (port switch { "coquelles" => Tunnel, "calais" => Calais, _ => Dunkerque });

    private static Hit Again(StoredSighting before, TimeSpan gap, string why, string pourquoi) => new(
        AlertCause.Return, "again", 2, "Here again", new($"UK-bound at {before.LaneKey} {Span(gap)} before; {why}.", $"En direction du Royaume-Uni à {before.LaneKey} {Span(gap)} plus tôt ; {pourquoi}."))
    {
        Rests = before.Id,
    };

    private static string Span(TimeSpan span) => span.TotalMinutes < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes:00}");
}
