using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Read;

namespace Anpr.Edge.Passage;

/// <summary>Which end of the vehicle a camera looks at.</summary>
public enum Side
{
    /// <summary>Not configured.</summary>
    Unknown,

    /// <summary>The front plate.</summary>
    Front,

    /// <summary>The rear plate: the trailer's on an articulated lorry.</summary>
    Rear,
}

/// <summary>A whole text with its probability, 0..1.</summary>
public sealed record TextAlternative(string Text, float P);

/// <summary>One plate of a passage as recorded and sent. Key: (<paramref name="Id"/>, <paramref name="Revision"/>).</summary>
/// <param name="Id">UUIDv7, made here.</param>
/// <param name="Revision">From 1, grows by one with each change.</param>
/// <param name="PassageId">The passage it belongs to.</param>
/// <param name="Stage">How settled it is.</param>
/// <param name="Camera">Camera name.</param>
/// <param name="CapturedAt">Capture time of the winning frame, UTC.</param>
/// <param name="FirstSeen">First frame with this plate, UTC.</param>
/// <param name="LastSeen">Last frame with this plate, UTC.</param>
/// <param name="DecidedAt">Capture of the frame that made this revision, UTC.</param>
/// <param name="Text">Consensus registration, 0-9 A-Z, never empty.</param>
/// <param name="RawText">The winning frame's own read, never rewritten.</param>
/// <param name="Confidence">Probability that the whole text is right, 0..1.</param>
/// <param name="Characters">One per position of <paramref name="Text"/>.</param>
/// <param name="Alternatives">Other texts, best first.</param>
/// <param name="Country">ISO 3166-1 alpha-2, null when unknown.</param>
/// <param name="Side">End of the vehicle.</param>
/// <param name="Direction">Way of travel.</param>
/// <param name="Reads">Frames that were read for this consensus.</param>
/// <param name="Lines">1 or 2.</param>
/// <param name="Detection">Detector score of the winning frame, 0..1.</param>
/// <param name="Quad">The plate in the overview, pixels.</param>
/// <param name="PatchJpeg">The plate's crop from the winning frame.</param>
/// <param name="OverviewJpeg">The winning frame.</param>
/// <param name="TimeQuality">How far the times can be trusted.</param>
/// <param name="SecondReader">"agrees", "differs" or empty when it was not asked.</param>
/// <param name="ModelVersion">Versions of detector and reader.</param>
public sealed record SightingRecord(
    Guid Id,
    int Revision,
    Guid PassageId,
    RecordStage Stage,
    string Camera,
    DateTimeOffset CapturedAt,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    DateTimeOffset DecidedAt,
    string Text,
    string RawText,
    float Confidence,
    IReadOnlyList<CharacterRead> Characters,
    IReadOnlyList<TextAlternative> Alternatives,
    string? Country,
    Side Side,
    Direction Direction,
    int Reads,
    int Lines,
    float Detection,
    Quad Quad,
    ReadOnlyMemory<byte> PatchJpeg,
    ReadOnlyMemory<byte> OverviewJpeg,
    TimeQuality TimeQuality,
    string SecondReader,
    string ModelVersion);
