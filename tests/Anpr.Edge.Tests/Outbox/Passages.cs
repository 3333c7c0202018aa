using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;
using Anpr.Edge.Read;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Outbox;

/// <summary>Made-up passages.</summary>
internal static class Passages
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static PassageRecord Passage(Guid id, int revision, RecordStage stage = RecordStage.Provisional, params Guid[] sightings) => new(
        id,
        revision,
        stage,
        Noon,
        stage == RecordStage.Closed ? Noon.AddSeconds(revision) : null,
        OpenedBy.Plate,
        sightings,
        Direction.Towards,
        new TimeQuality(TimeSource.BoxClock),
        0.001,
        [],
        ReadOnlyMemory<byte>.Empty);

    public static SightingRecord Sighting(Guid passage, Guid id, int revision, RecordStage stage = RecordStage.Provisional, string text = "AB12CDE", byte[]? overview = null) => new(
        id,
        revision,
        passage,
        stage,
        "front",
        Noon,
        Noon,
        Noon.AddSeconds(revision),
        Noon.AddSeconds(revision),
        text,
        text,
        0.9f,
        [.. text.Select(c => new CharacterRead(c, 0.9f, []))],
        [],
        "GB",
        Side.Front,
        Direction.Towards,
        revision + 1,
        1,
        0.8f,
        new Quad(new Point2f(0, 0), new Point2f(9, 0), new Point2f(9, 3), new Point2f(0, 3)),
        new byte[] { 1, 2, 3 },
        overview ?? [],
        new TimeQuality(TimeSource.BoxClock),
        "",
        "detector/1 reader/1");

    public static PassageChange Change(Guid passage, Guid sighting, int revision, RecordStage stage = RecordStage.Provisional, byte[]? overview = null, string text = "AB12CDE") =>
        new(Passage(passage, revision, stage, sighting), Sighting(passage, sighting, revision, stage, text, overview));
}
