using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Track;

namespace Anpr.Edge.Passage;

/// <summary>What was seen in one frame of one camera: all that the passage stage knows of it.</summary>
/// <param name="Camera">The camera's name.</param>
/// <param name="Side">Which end of the vehicle it looks at.</param>
/// <param name="Time">Capture time, UTC.</param>
/// <param name="TimeQuality">How far it can be trusted.</param>
/// <param name="Plates">The plates with their reads, best detection first.</param>
/// <param name="ForegroundShare">Share of the picture that differs from the empty lane, 0..1; null when the empty lane is not known yet.</param>
/// <param name="Pictures">Pictures of this frame, made only when they are wanted; valid only while the frame is looked at.</param>
internal sealed record FrameLook(
    string Camera,
    Side Side,
    DateTimeOffset Time,
    TimeQuality TimeQuality,
    IReadOnlyList<PlateLook> Plates,
    float? ForegroundShare,
    IFramePictures Pictures);

/// <summary>Makes the pictures that records carry out of the frame in hand.</summary>
internal interface IFramePictures
{
    /// <summary>The whole frame; the caller's, to keep beyond the look.</summary>
    Overview Overview();

    /// <summary>The plate and a little round it, JPEG.</summary>
    byte[] Patch(Quad quad);

    /// <summary>The frame made small, JPEG.</summary>
    byte[] Still();

    /// <summary>What the second reader makes of the plate, empty when nothing; it reads when the value is asked for, also after the frame. Null when there is none.</summary>
    Lazy<string>? ReadAgain(Quad quad, int lines);
}
