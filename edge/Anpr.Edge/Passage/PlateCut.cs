using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using OpenCvSharp;

namespace Anpr.Edge.Passage;

/// <summary>The pixels round one plate, with room for what readers add to it.</summary>
/// <param name="Image">8-bit BGR.</param>
/// <param name="Quad">The plate's corners in them.</param>
internal readonly record struct PlateCut(Mat Image, Quad Quad) : IDisposable
{
    // Shares of the plate's width and height on each side: more than any margin, for corners that the detector saw too far inside.
    private const float RoomX = 0.5f;
    private const float RoomY = 0.8f;

    public static PlateCut Of(Picture picture, Quad quad)
    {
        var room = quad.Enlarged(RoomX, RoomY).Bounds();
        var part = picture.Cut(Rect.FromLTRB((int)room.X1, (int)room.Y1, (int)room.X2 + 1, (int)room.Y2 + 1));
        return new(part.Bgr, quad.Within(part.At));
    }

    public void Dispose() => Image.Dispose();
}
