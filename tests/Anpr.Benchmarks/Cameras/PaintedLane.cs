using Anpr.Simulation.Ports;
using Anpr.Simulation.Scene;
using Anpr.Simulation.Traffic;
using OpenCvSharp;

namespace Anpr.Benchmarks.Cameras;

/// <summary>
/// One camera's lane, painted once by the simulation in even light and without noise: the empty lane, and each of some vehicles at every
/// half second of its drive. 8-bit grey, <see cref="Width"/> x <see cref="Height"/>.
/// </summary>
internal sealed class PaintedLane : IDisposable
{
    public const int Width = 640;
    public const int Height = 360;

    private readonly Mat _frame = new(LaneView.HeightPx, LaneView.WidthPx, MatType.CV_8UC3);
    private readonly Mat _grey = new();

    /// <summary>Paints it; the seed decides the port, the road's texture and who comes.</summary>
    public PaintedLane(int seed, int vehicles)
    {
        var port = TrafficPlan.Ports[seed % TrafficPlan.Ports.Count];
        using var scene = new LaneScene(new Weather(1, Weather.Of(port).RollDegrees), seed, noise: 0);
        Empty = Paint(scene, null, 0);
        var plan = PortOptions.Plan(seed);
        Vehicles = [.. Enumerable.Range(2, vehicles).Select(slot => Paint(scene, plan.At(port, slot)))];
    }

    /// <summary>The lane without vehicles.</summary>
    public Mat Empty { get; }

    /// <summary>Those that come.</summary>
    public IReadOnlyList<PaintedVehicle> Vehicles { get; }

    public void Dispose()
    {
        Empty.Dispose();
        foreach (var picture in Vehicles.SelectMany(v => v.Pictures))
        {
            picture.Dispose();
        }

        _frame.Dispose();
        _grey.Dispose();
    }

    private PaintedVehicle Paint(LaneScene scene, PlannedVehicle vehicle)
    {
        var drive = new Drive(vehicle);
        var steps = Enumerable.Range(0, (int)(drive.GoneAfter / PaintedVehicle.StepSeconds) + 1).Select(i => i * PaintedVehicle.StepSeconds).ToArray();
        return new(
            drive.GoneAfter,
            Drive.ApproachSeconds + ((float)vehicle.Stands.TotalSeconds / 2),
            [.. steps.Select(s => Paint(scene, vehicle, s))],
            [.. steps.Select(s => scene.PlateCorners(vehicle, s) is { } corners ? Lamps(corners) : null)]);
    }

    private Mat Paint(LaneScene scene, PlannedVehicle? vehicle, float seconds)
    {
        scene.Draw(_frame, vehicle, seconds);
        Cv2.CvtColor(_frame, _grey, ColorConversionCodes.BGR2GRAY);
        var picture = new Mat();
        Cv2.Resize(_grey, picture, new Size(Width, Height), 0, 0, InterpolationFlags.Area);
        return picture;
    }

    // Headlamps are 0.95 m beside the plate's middle and 0.3 m above it; a plate is 0.52 m wide.
    private static Lamps Lamps(Point2f[] plate)
    {
        const float scale = (float)Width / LaneView.WidthPx;
        var (middle, metre) = ((plate[0] + plate[2]) * (scale / 2), (float)plate[0].DistanceTo(plate[1]) * scale / 0.52f);
        return new(new(middle.X - (0.95f * metre), middle.Y - (0.3f * metre)), new(middle.X + (0.95f * metre), middle.Y - (0.3f * metre)), metre);
    }
}

/// <summary>A vehicle at every half second of its drive.</summary>
/// <param name="GoneAfter">Seconds after which it has left.</param>
/// <param name="StandsAt">A moment at which it stands at the stop line, seconds.</param>
/// <param name="Pictures">8-bit grey.</param>
/// <param name="Lamps">Where its headlamps are seen; null once they have passed the camera.</param>
internal sealed record PaintedVehicle(float GoneAfter, float StandsAt, Mat[] Pictures, Lamps?[] Lamps)
{
    /// <summary>Between two pictures.</summary>
    public const float StepSeconds = 0.5f;

    /// <summary>A moment at which the trailer stands beside the camera and hides most of its view, seconds.</summary>
    public float BesideAt => GoneAfter - 1.5f;

    /// <summary>The picture of a moment.</summary>
    public int Step(float seconds) => Math.Clamp((int)(seconds / StepSeconds), 0, Pictures.Length - 1);
}

/// <summary>Headlamps in the picture, and the length of a metre there, pixels.</summary>
internal sealed record Lamps(Point2f Left, Point2f Right, float MetrePx);
