using System.Buffers;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Ingest;

/// <summary>Finds what makes a message unusable. Pure. Its words go to logs and engineers, so they name the field and never what stood in it.</summary>
internal static class MessageCheck
{
    /// <summary>No lane of this system ran before; an earlier time is a clock that was never set.</summary>
    private static readonly DateTimeOffset Earliest = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A box clock may run ahead by this much before its times are not believed.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    /// <summary>One that is set by NTP may run ahead by this much: it is then the hub whose clock is wrong, and alerts must come all the same.</summary>
    private static readonly TimeSpan AheadOfAWrongHub = TimeSpan.FromHours(3);

    private const int TextLimit = 16;
    private const int PictureLimit = 256 * 1024;
    private const int NameLimit = 200;
    private const int WordsLimit = 300;
    private const int ListLimit = 32;
    private const int MostPeople = 200;

    private static readonly SearchValues<char> Registration = SearchValues.Create(PlateText.Alphabet + PlateText.Unknown);

    private static readonly string[] Stations = ["approach", "control", "shed"];

    /// <summary>Field and cure in words, or null when the message can be used.</summary>
    public static string? Fault(Incoming message, DateTimeOffset now)
    {
        if (message.Body is null)
        {
            return "body is missing or of a kind that this hub does not know. Update the hub, or send a sighting, passage, search or disposition.";
        }

        return Identity(message) ?? message.Body switch
        {
            Sighting s => Check(s, now),
            Passage p => Check(p, now),
            Search s => Check(s, now),
            Disposition d => PassageId(d.PassageId)
                ?? (d.Outcome == Disposition.Types.Outcome.Unspecified ? "outcome is missing. Send released, refused, turned_round or handed_over." : null)
                ?? Officer(d.Officer)
                ?? Time("at", d.At, null, now),
            _ => null,
        };
    }

    private static string? Identity(Incoming message)
    {
        if (!Guid.TryParseExact(message.Id, "D", out _))
        {
            return "id is no UUID in 36 characters. Make one (UUIDv7).";
        }

        return message.Revision == 0 ? "revision is missing. Number revisions from 1." : null;
    }

    private static string? Check(Sighting s, DateTimeOffset now)
    {
        if (s.Text.Length == 0)
        {
            return "text is missing. An unread vehicle is a passage without a sighting.";
        }

        if (s.Text.Length > TextLimit)
        {
            return $"text has {s.Text.Length} characters. Send 1 to {TextLimit} of 0-9 and A-Z.";
        }

        if (s.Text.AsSpan().IndexOfAnyExcept(PlateText.Unknown) < 0)
        {
            return "text has no known character. An unread vehicle is a passage without a sighting.";
        }

        if (s.Text.AsSpan().IndexOfAnyExcept(Registration) is >= 0 and var at)
        {
            return $"text has another character than 0-9, A-Z and ? at {at + 1} of {s.Text.Length}. Send the registration folded.";
        }

        return PassageId(s.PassageId)
            ?? StageOf(s.Stage)
            ?? (s.Camera.Length is 0 or > NameLimit ? $"camera has {s.Camera.Length} characters. Send the camera's name, 1 to {NameLimit}." : null)
            ?? Probability("confidence", s.Confidence)
            ?? Finite("detection", s.Detection)
            ?? Finite("characters", [.. s.Characters.Select(c => c.P), .. s.Characters.SelectMany(c => c.Alternatives).Select(a => a.P)])
            ?? Finite("alternatives", [.. s.Alternatives.Select(a => a.P)])
            ?? Finite("quad", [.. s.Quad.Select(q => q.X), .. s.Quad.Select(q => q.Y)])
            ?? Quality(s.TimeQuality)
            ?? Time("captured_at", s.CapturedAt, s.TimeQuality, now)
            ?? Time("decided_at", s.DecidedAt, s.TimeQuality, now)
            ?? Optional("first_seen", s.FirstSeen, s.TimeQuality, now)
            ?? Optional("last_seen", s.LastSeen, s.TimeQuality, now)
            ?? Picture("patch_jpeg", s.PatchJpeg.Length);
    }

    private static string? Check(Passage p, DateTimeOffset now)
    {
        if (p.Stage == Stage.Closed && p.ClosedAt is null)
        {
            return "closed_at is missing on a closed passage. Send when the vehicle had gone.";
        }

        return StageOf(p.Stage)
            ?? (Stations.Contains(p.Station, StringComparer.Ordinal) ? null : $"station is unknown. Send {string.Join(", ", Stations)}.")
            ?? Sightings(p.SightingIds)
            ?? (p.Dangers.Count > ListLimit || p.Dangers.Any(d => d.Kind.Length is 0 or > NameLimit || d.Words.Length is 0 or > WordsLimit || d.WordsFr.Length > WordsLimit)
                ? $"dangers are more than {ListLimit}, or one has no kind or words, or more than {WordsLimit} characters of them. Send each with one sentence."
                : null)
            ?? Probability("score", p.Score)
            ?? Finite("evidence", [.. p.Evidence.Select(e => e.Llr), .. p.Evidence.Select(e => e.Weight)])
            ?? Quality(p.TimeQuality)
            ?? Time("opened_at", p.OpenedAt, p.TimeQuality, now)
            ?? Optional("closed_at", p.ClosedAt, p.TimeQuality, now)
            ?? Picture("picture_jpeg", p.PictureJpeg.Length);
    }

    private static string? Check(Search s, DateTimeOffset now)
    {
        if (s.Methods.Count is 0 or > ListLimit || s.Methods.Any(m => m.Length is 0 or > NameLimit))
        {
            return $"methods are missing or too long. Send 1 to {ListLimit} of visual, dog, heartbeat, co2, scanner.";
        }

        return PassageId(s.PassageId)
            ?? (s.Reason == Search.Types.Reason.Unspecified ? "reason is missing. Send alert, random or officer." : null)
            ?? (s.Finding == Search.Types.Finding.Unspecified ? "finding is missing. Send clear, people, goods or misread." : null)
            ?? ((s.Finding == Search.Types.Finding.People ? s.People is > 0 and <= MostPeople : s.People == 0)
                ? null
                : $"people {s.People} does not go with the finding. Send 1 to {MostPeople} with people, 0 with any other.")
            ?? Officer(s.Officer)
            ?? Time("started_at", s.StartedAt, null, now)
            ?? Optional("ended_at", s.EndedAt, null, now);
    }

    // Who signed is known at the hub only, where people sign in.
    private static string? Officer(string name) => name.Length == 0 ? null : "officer is set. Send none: a lane does not sign for a person.";

    private static string? StageOf(Stage stage) => stage == Stage.Unspecified ? "stage is missing. Send provisional, revised or closed." : null;

    private static string? Sightings(IReadOnlyCollection<string> ids) => ids.Count > ListLimit || ids.Any(id => !Guid.TryParseExact(id, "D", out _))
        ? $"sighting_ids are more than {ListLimit}, or one is no UUID in 36 characters. Send the ids of the passage's sightings."
        : null;

    private static string? PassageId(string id) =>
        Guid.TryParseExact(id, "D", out _) ? null : "passage_id is no UUID in 36 characters. Send the id of the passage it belongs to.";

    private static string? Probability(string field, double value) =>
        value is >= 0 and <= 1 ? null : $"{field} {value} is no probability. Send 0 to 1.";

    private static string? Finite(string field, params double[] values) =>
        Array.TrueForAll(values, double.IsFinite) ? null : $"{field} holds what is no number, or an infinite one. Send finite numbers.";

    private static string? Picture(string field, int length) =>
        length <= PictureLimit ? null : $"{field} has {length} bytes. Send a crop of {PictureLimit} bytes at most; the overview has its own call.";

    private static string? Quality(TimeQuality? quality)
    {
        if (quality is null)
        {
            return "time_quality is missing. Say how far the capture time can be trusted.";
        }

        if (quality.BoxAheadMs is < -LaneClock.MostMs or > LaneClock.MostMs || quality.OffsetMs is < -LaneClock.MostMs or > LaneClock.MostMs)
        {
            return "time_quality.box_ahead_ms or offset_ms is longer than 100 years. Send what was measured.";
        }

        if (quality.SimulatedShift is not { } shift || (shift.Seconds == 0 && shift.Nanos == 0))
        {
            return null;
        }

        if (!quality.Simulated)
        {
            return "time_quality.simulated_shift is set on a real camera. Only simulated sources may shift their clock.";
        }

        return Math.Abs(shift.Seconds) <= 7 * 24 * 3600L ? null : "time_quality.simulated_shift is longer than 7 days. Shift by less.";
    }

    private static string? Optional(string field, Timestamp? time, TimeQuality? quality, DateTimeOffset now) =>
        time is null ? null : Time(field, time, quality, now);

    private static string? Time(string field, Timestamp? time, TimeQuality? quality, DateTimeOffset now)
    {
        if (time is null)
        {
            return $"{field} is missing. Send the time of the frame in UTC.";
        }

        DateTimeOffset real;
        try
        {
            real = Incoming.RealTime(time, quality);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentOutOfRangeException or OverflowException)
        {
            return $"{field} is no time that exists. Set the lane box's clock (NTP) and check the camera's stream.";
        }

        return Unbelievable(real, now, quality is { Synchronised: true, Simulated: false } ? AheadOfAWrongHub : Ahead) is { } wrong ? $"{field} {wrong}. Set the lane box's clock (NTP) and check the camera's stream." : null;
    }

    /// <summary>Why a time cannot be when something was captured, in words that follow a field's name; null when it can.</summary>
    internal static string? Unbelievable(DateTimeOffset real, DateTimeOffset now) => Unbelievable(real, now, Ahead);

    private static string? Unbelievable(DateTimeOffset real, DateTimeOffset now, TimeSpan ahead)
    {
        if (real < Earliest)
        {
            return $"{real.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z is before 2020";
        }

        return real <= now + ahead ? null : $"{real.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z is in the future (hub {now.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z)";
    }
}
