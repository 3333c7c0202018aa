using Google.Protobuf.WellKnownTypes;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Outbox;

/// <summary>
/// Closes a passage that was open when the program died, as it was last known: the vehicle is gone or will be seen
/// as a new one, and a passage that never closes would be lost to everybody who counts closed ones.
/// </summary>
internal static class CrashRecovery
{
    /// <summary>The last revisions, each one higher than the newest known: sightings first, then their passage.</summary>
    /// <param name="newest">The newest known revision of the passage and of each of its sightings.</param>
    public static IReadOnlyList<Wire.IngestMessage> Close(IReadOnlyList<Wire.IngestMessage> newest)
    {
        var passage = newest.Select(m => m.Passage).FirstOrDefault(p => p is not null);
        if (passage is null || passage.Stage == Wire.Stage.Closed)
        {
            return [];
        }

        var sightings = newest.Select(m => m.Sighting).Where(s => s is not null).ToList();
        var closed = new List<Wire.IngestMessage>();
        foreach (var sighting in sightings.Where(s => s.Stage != Wire.Stage.Closed))
        {
            var last = sighting.Clone();
            last.Revision++;
            last.Stage = Wire.Stage.Closed;
            closed.Add(new Wire.IngestMessage { Sighting = last });
        }

        var end = passage.Clone();
        end.Revision++;
        end.Stage = Wire.Stage.Closed;
        end.ClosedAt = LastSeen(passage, sightings);
        closed.Add(new Wire.IngestMessage { Passage = end });
        return closed;
    }

    private static Timestamp LastSeen(Wire.Passage passage, IEnumerable<Wire.Sighting> sightings) =>
        sightings.Select(s => s.LastSeen).Append(passage.OpenedAt).Where(t => t is not null).MaxBy(t => t.ToDateTimeOffset())!;
}
