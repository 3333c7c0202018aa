using System.Security.Cryptography;
using Anpr.Proto.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Ingest;

/// <summary>A message of any kind, with what all kinds have in common.</summary>
/// <param name="Kind">sighting, passage, search or disposition; empty when the message has no body that this hub knows.</param>
/// <param name="Id">Its id, empty when missing.</param>
/// <param name="Revision">Its revision, 0 when missing.</param>
/// <param name="Body">The body.</param>
internal sealed record Incoming(string Kind, string Id, uint Revision, IMessage? Body)
{
    public static Incoming Of(IngestMessage message) => message.BodyCase switch
    {
        IngestMessage.BodyOneofCase.Sighting => new("sighting", message.Sighting.Id, message.Sighting.Revision, message.Sighting),
        IngestMessage.BodyOneofCase.Passage => new("passage", message.Passage.Id, message.Passage.Revision, message.Passage),
        IngestMessage.BodyOneofCase.Search => new("search", message.Search.Id, message.Search.Revision, message.Search),
        IngestMessage.BodyOneofCase.Disposition => new("disposition", message.Disposition.Id, message.Disposition.Revision, message.Disposition),
        _ => new("", "", 0, null),
    };

    public string Key => RevisionRecord.Key(Kind, Id, Revision);

    /// <summary>SHA-256 over the body's bytes, lower-case hex.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(Body?.ToByteArray() ?? []));

    /// <summary>The body without its picture, and the picture.</summary>
    public (IMessage Body, ByteString Picture) Split()
    {
        switch (Body)
        {
            case Sighting sighting:
                var text = sighting.Clone();
                text.PatchJpeg = ByteString.Empty;
                return (text, sighting.PatchJpeg);
            case Passage passage:
                var record = passage.Clone();
                record.PictureJpeg = ByteString.Empty;
                return (record, passage.PictureJpeg);
            default:
                return (Body!, ByteString.Empty);
        }
    }

    /// <summary>When the deciding frame was captured in real time: a simulated shift is taken out, and a wrong clock put right.</summary>
    public static DateTimeOffset RealTime(Timestamp recorded, TimeQuality? quality) =>
        LaneClock.At(recorded, quality) - (quality?.SimulatedShift?.ToTimeSpan() ?? TimeSpan.Zero);
}
