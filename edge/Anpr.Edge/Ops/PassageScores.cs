using Anpr.Edge.Passage;
using Anpr.Edge.Score;
using Anpr.Edge.Sense;
using Cargo = Anpr.Proto.V1.Cargo;

namespace Anpr.Edge.Ops;

/// <summary>Scores passages; the sensors are asked anew at the close, when another cargo is found booked, and every few seconds before, not at every revision of a plate.</summary>
internal sealed class PassageScores(Scorer scorer, Sensors sensors, BookingsCopy bookings, TimeSpan clockShift, TimeProvider time)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Guid, Open> _open = [];

    /// <summary>The changed passage with its score.</summary>
    public PassageRecord Score(PassageChange change)
    {
        var passage = change.Passage;
        if (!_open.TryGetValue(passage.Id, out var open))
        {
            _open[passage.Id] = open = new Open();
        }

        if (change.Sighting is { } sighting)
        {
            open.Texts[sighting.Id] = sighting.Text;
        }

        var (closed, cargo) = (passage.Stage == RecordStage.Closed, bookings.CargoOf(open.Texts.Values, passage.OpenedAt));
        if (closed || open.Evidence is null || cargo != open.Cargo || time.GetElapsedTime(open.Asked) > AskAgain)
        {
            var to = passage.ClosedAt ?? time.GetUtcNow() + clockShift;
            (open.Evidence, open.Asked, open.Cargo) = (sensors.EvidenceFor(passage.OpenedAt, to, cargo), time.GetTimestamp(), cargo);
        }

        if (closed)
        {
            _open.Remove(passage.Id);
        }

        return scorer.Score(passage, open.Evidence);
    }

    private sealed class Open
    {
        public Dictionary<Guid, string> Texts { get; } = [];

        public IReadOnlyList<Evidence>? Evidence { get; set; }

        public long Asked { get; set; }

        public Cargo Cargo { get; set; }
    }
}
