using Anpr.Edge.Passage;
using Anpr.Edge.Score;
using Anpr.Edge.Sense;

namespace Anpr.Edge.Ops;

/// <summary>Scores passages; the sensors are asked anew at the close and every few seconds before, not at every revision of a plate.</summary>
internal sealed class PassageScores(Scorer scorer, Sensors sensors, TimeSpan clockShift, TimeProvider time)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Guid, (IReadOnlyList<Evidence> Evidence, long Asked)> _open = [];

    /// <summary>The passage with its score.</summary>
    public PassageRecord Score(PassageRecord passage)
    {
        var closed = passage.Stage == RecordStage.Closed;
        if (closed || !_open.TryGetValue(passage.Id, out var known) || time.GetElapsedTime(known.Asked) > AskAgain)
        {
            var to = passage.ClosedAt ?? time.GetUtcNow() + clockShift;
            known = (sensors.EvidenceFor(passage.OpenedAt, to), time.GetTimestamp());
            _open[passage.Id] = known;
        }

        if (closed)
        {
            _open.Remove(passage.Id);
        }

        return scorer.Score(passage, known.Evidence);
    }
}
