using Anpr.Edge.Detect;
using Anpr.Edge.Read;
using Anpr.Edge.Tests.Passage;
using Anpr.Edge.Track;

namespace Anpr.Edge.Tests.Track;

/// <summary>Drawn looks at plates. All made up.</summary>
internal static class Looks
{
    /// <summary>A plate four times as wide as high with its read.</summary>
    public static PlateLook At(float x, float y, string text, float confidence = 0.95f, float width = 100) =>
        At(x, y, Scene.Read(text, confidence), width);

    /// <summary>The same with a read made elsewhere.</summary>
    public static PlateLook At(float x, float y, PlateRead read, float width = 100)
    {
        var box = new Box(x - (width / 2), y - (width / 8), x + (width / 2), y + (width / 8));
        return new(new(Quad.Of(box), box, 0.9f), read, 0.8f);
    }
}
