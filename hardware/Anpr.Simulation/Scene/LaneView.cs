using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>
/// The camera beside the lane as a pinhole. World, in metres: x to the right from the lane's middle, y up from the road,
/// z along the lane away from the camera. The camera stands at (2.3, 2.1, 0) and looks at the place of the stop line.
/// </summary>
internal sealed class LaneView
{
    /// <summary>Width of the picture in pixels.</summary>
    public const int WidthPx = 960;

    /// <summary>Height of the picture in pixels.</summary>
    public const int HeightPx = 540;

    /// <summary>Nothing nearer than this is drawn, metres.</summary>
    public const float Near = 0.6f;

    // A 12 mm lens on a 1/2.8" sensor: a plate of 520 mm at the stop line is about 110 pixels wide.
    private const float FocalPx = 1400;

    private static readonly Vec3f Eye = new(2.3f, 2.1f, 0);
    private static readonly Vec3f Target = new(0.55f, 1.05f, 7f);

    private readonly Vec3f _right;
    private readonly Vec3f _up;
    private readonly Vec3f _forward;

    /// <param name="rollDegrees">How far the camera is mounted off level.</param>
    public LaneView(float rollDegrees)
    {
        _forward = Unit(new Vec3f(Target.Item0 - Eye.Item0, Target.Item1 - Eye.Item1, Target.Item2 - Eye.Item2));
        var level = Unit(new Vec3f(_forward.Item2, 0, -_forward.Item0));
        var upright = Cross(_forward, level);
        var (sin, cos) = MathF.SinCos(rollDegrees * MathF.PI / 180);
        _right = Turn(level, upright, cos, sin);
        _up = Turn(upright, level, cos, -sin);
    }

    /// <summary>Distance of a point in front of the lens, metres.</summary>
    public float Depth(float x, float y, float z) => Dot(_forward, From(x, y, z));

    /// <summary>Where a point is seen, in pixels. It must be in front of the lens.</summary>
    public Point2f Project(float x, float y, float z)
    {
        var ray = From(x, y, z);
        var depth = MathF.Max(Dot(_forward, ray), 0.05f);
        return new Point2f((WidthPx / 2f) + (FocalPx * Dot(_right, ray) / depth), (HeightPx / 2f) - (FocalPx * Dot(_up, ray) / depth));
    }

    private static Vec3f From(float x, float y, float z) => new(x - Eye.Item0, y - Eye.Item1, z - Eye.Item2);

    private static Vec3f Turn(Vec3f a, Vec3f b, float cos, float sin) =>
        new((a.Item0 * cos) + (b.Item0 * sin), (a.Item1 * cos) + (b.Item1 * sin), (a.Item2 * cos) + (b.Item2 * sin));

    private static Vec3f Unit(Vec3f v)
    {
        var length = MathF.Sqrt(Dot(v, v));
        return new Vec3f(v.Item0 / length, v.Item1 / length, v.Item2 / length);
    }

    private static float Dot(Vec3f a, Vec3f b) => (a.Item0 * b.Item0) + (a.Item1 * b.Item1) + (a.Item2 * b.Item2);

    private static Vec3f Cross(Vec3f a, Vec3f b) => new(
        (a.Item1 * b.Item2) - (a.Item2 * b.Item1),
        (a.Item2 * b.Item0) - (a.Item0 * b.Item2),
        (a.Item0 * b.Item1) - (a.Item1 * b.Item0));
}
