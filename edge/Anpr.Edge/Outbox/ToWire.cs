using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Outbox;

/// <summary>What is known of the box's clock when a record is made.</summary>
/// <param name="Synchronised">True when it is set by NTP or PTP.</param>
/// <param name="AheadOfHub">Box clock minus hub clock; null before the hub has said its time.</param>
internal readonly record struct BoxTime(bool Synchronised, TimeSpan? AheadOfHub);

/// <summary>Records of the edge as messages of the wire.</summary>
internal static class ToWire
{
    /// <summary>The passage as the hub takes it.</summary>
    /// <param name="passage">The passage, scored.</param>
    /// <param name="station">"approach", "control" or "shed".</param>
    /// <param name="clock">What is known of the box's clock.</param>
    public static Wire.Passage Passage(PassageRecord passage, string station, BoxTime clock)
    {
        var message = new Wire.Passage
        {
            Id = passage.Id.ToString(),
            Revision = (uint)passage.Revision,
            Stage = Stage(passage.Stage),
            OpenedAt = Time(passage.OpenedAt),
            OpenedBy = passage.OpenedBy switch
            {
                OpenedBy.Plate => Wire.Passage.Types.OpenedBy.Plate,
                OpenedBy.Motion => Wire.Passage.Types.OpenedBy.Motion,
                _ => Wire.Passage.Types.OpenedBy.Loop,
            },
            Station = station,
            Direction = DirectionOf(passage.Direction),
            Score = passage.Score,
            TimeQuality = Quality(passage.TimeQuality, clock),
            PictureJpeg = ByteString.CopyFrom(passage.PictureJpeg.Span),
        };
        if (passage.ClosedAt is { } closed)
        {
            message.ClosedAt = Time(closed);
        }

        message.SightingIds.AddRange(passage.SightingIds.Select(id => id.ToString()));
        message.Evidence.AddRange(passage.Evidence.Select(EvidenceOf));
        return message;
    }

    /// <summary>The sighting as the hub takes it.</summary>
    /// <param name="s">The sighting.</param>
    /// <param name="overviewSha256">Lower-case hex of the overview, empty when there is none.</param>
    /// <param name="clock">What is known of the box's clock.</param>
    public static Wire.Sighting Sighting(SightingRecord s, string overviewSha256, BoxTime clock)
    {
        var message = new Wire.Sighting
        {
            Id = s.Id.ToString(),
            Revision = (uint)s.Revision,
            PassageId = s.PassageId.ToString(),
            Stage = Stage(s.Stage),
            Camera = s.Camera,
            CapturedAt = Time(s.CapturedAt),
            FirstSeen = Time(s.FirstSeen),
            LastSeen = Time(s.LastSeen),
            DecidedAt = Time(s.DecidedAt),
            Text = s.Text,
            RawText = s.RawText,
            Confidence = s.Confidence,
            Country = s.Country ?? "",
            Side = s.Side switch { Side.Front => Wire.Side.Front, Side.Rear => Wire.Side.Rear, _ => Wire.Side.Unspecified },
            Direction = DirectionOf(s.Direction),
            Reads = (uint)s.Reads,
            Lines = (uint)s.Lines,
            Detection = s.Detection,
            PatchJpeg = ByteString.CopyFrom(s.PatchJpeg.Span),
            OverviewSha256 = overviewSha256,
            TimeQuality = Quality(s.TimeQuality, clock),
            Agreement = s.SecondReader,
            ModelVersion = s.ModelVersion,
        };
        message.Characters.AddRange(s.Characters.Select(Character));
        message.Alternatives.AddRange(s.Alternatives.Select(a => new Wire.TextAlternative { Text = a.Text, P = a.P }));
        message.Quad.AddRange(Corners(s.Quad));
        return message;
    }

    private static Wire.Character Character(Read.CharacterRead read)
    {
        var character = new Wire.Character { C = read.C.ToString(), P = read.P };
        character.Alternatives.AddRange(read.Alternatives.Select(a => new Wire.CharacterAlternative { C = a.C.ToString(), P = a.P }));
        return character;
    }

    private static IEnumerable<Wire.Point> Corners(Quad quad) =>
        new[] { quad.TopLeft, quad.TopRight, quad.BottomRight, quad.BottomLeft }.Select(p => new Wire.Point { X = p.X, Y = p.Y });

    private static Wire.Evidence EvidenceOf(Score.Evidence e) => new()
    {
        Kind = e.Kind,
        Llr = e.Llr,
        Weight = e.Weight,
        Words = e.Words,
        WordsFr = e.WordsFr,
        Veto = e.Veto,
        Sensor = e.Sensor,
        From = Time(e.From),
        To = Time(e.To),
    };

    private static Wire.TimeQuality Quality(TimeQuality quality, BoxTime clock)
    {
        var message = new Wire.TimeQuality
        {
            Source = quality.Source switch
            {
                TimeSource.BoxClock => Wire.TimeQuality.Types.Source.BoxClock,
                TimeSource.StreamClock => Wire.TimeQuality.Types.Source.StreamClock,
                _ => Wire.TimeQuality.Types.Source.FileOffset,
            },
            Synchronised = clock.Synchronised,
            Simulated = quality.Simulated,
            SimulatedShift = Duration.FromTimeSpan(quality.SimulatedShift),
        };
        if (quality.StreamMinusBox is { } offset)
        {
            message.OffsetMs = (long)offset.TotalMilliseconds;
        }

        if (clock.AheadOfHub is { } ahead)
        {
            message.BoxAheadMs = (long)ahead.TotalMilliseconds;
        }

        return message;
    }

    private static Wire.Stage Stage(RecordStage stage) => stage switch
    {
        RecordStage.Provisional => Wire.Stage.Provisional,
        RecordStage.Revised => Wire.Stage.Revised,
        _ => Wire.Stage.Closed,
    };

    private static Wire.Direction DirectionOf(Direction direction) => direction switch
    {
        Direction.Towards => Wire.Direction.Towards,
        Direction.Away => Wire.Direction.Away,
        _ => Wire.Direction.Unspecified,
    };

    private static Timestamp Time(DateTimeOffset time) => Timestamp.FromDateTimeOffset(time);
}
