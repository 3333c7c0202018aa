using Anpr.Simulation.Traffic;
using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>How bright the day is at a port: 1 is noon.</summary>
internal sealed record Weather(double Daylight, float RollDegrees)
{
    // Signs and plates are lit by the camera's own lamp when the day is not enough.
    private const double LampLight = 0.8;

    /// <summary>Light on a plate.</summary>
    public double PlateLight => Math.Max(Daylight, LampLight);

    /// <summary>Noon at calais, a grey day at coquelles, late afternoon at dunkerque.</summary>
    public static Weather Of(string port) => port switch
    {
        "coquelles" => new Weather(0.84, -0.8f),
        "dunkerque" => new Weather(0.66, 1.1f),
        _ => new Weather(1, 0.4f),
    };
}

/// <summary>Draws one lane with at most one vehicle, moment by moment. Not thread-safe.</summary>
internal sealed class LaneScene : IDisposable
{
    private const int NoisePictures = 5;
    private const double NoiseSigma = 2.6;

    private static readonly Scalar Shadow = new(46, 45, 44);

    private readonly Weather _weather;
    private readonly LaneView _view;
    private readonly Mat _backdrop;
    private readonly Barrier _barrier;
    private readonly List<(Mat Lighter, Mat Darker)> _noise = [];
    private VehicleArt? _art;
    private Texture? _plate;
    private PlannedVehicle? _vehicle;
    private Drive? _drive;
    private int _frames;

    /// <param name="weather">Light and the mounting of the camera.</param>
    /// <param name="seed">Decides the blotches on road and sky.</param>
    /// <param name="noise">Standard deviation of the sensor's noise, grey levels.</param>
    public LaneScene(Weather weather, int seed, double noise = NoiseSigma)
    {
        var random = new Random(seed);
        (_weather, _view) = (weather, new LaneView(weather.RollDegrees));
        _backdrop = new Backdrop(_view, weather.Daylight, random).Draw();
        _barrier = new Barrier(_view, weather.Daylight);
        for (var i = 0; i < NoisePictures; i++)
        {
            _noise.Add((Noise(seed + (2 * i), noise), Noise(seed + (2 * i) + 1, noise)));
        }
    }

    /// <summary>The empty lane, or a vehicle at a moment of its drive. <paramref name="frame"/> is filled: BGR, 960 x 540.</summary>
    public void Draw(Mat frame, PlannedVehicle? vehicle, float seconds)
    {
        _backdrop.CopyTo(frame);
        var raising = 0f;
        if (vehicle is not null)
        {
            Prepare(vehicle);
            DrawVehicle(frame, seconds);
            raising = seconds - Drive.ApproachSeconds - (float)vehicle.Stands.TotalSeconds + 0.9f;
        }

        _barrier.Draw(frame, raising);
        // A lens is never as sharp as a drawing, and a sensor never without noise.
        Cv2.GaussianBlur(frame, frame, new Size(3, 3), 0.6);
        var (lighter, darker) = _noise[_frames++ % NoisePictures];
        Cv2.Add(frame, lighter, frame);
        Cv2.Subtract(frame, darker, frame);
    }

    /// <summary>Corners of the plate in the picture, clockwise from its own top left; null once it has passed the camera.</summary>
    public Point2f[]? PlateCorners(PlannedVehicle vehicle, float seconds)
    {
        Prepare(vehicle);
        var front = _drive!.FrontAt(seconds);
        var x = _drive!.MiddleAt(front);
        var (width, height) = PlateArt.SizeMetres(vehicle.Registration);
        var depth = front - 0.03f;
        return _view.Depth(x, 0, depth) < LaneView.Near ? null : Facing(x, width, _art!.PlateHeight - (height / 2), height, depth);
    }

    public void Dispose()
    {
        _backdrop.Dispose();
        _art?.Dispose();
        _plate?.Dispose();
        foreach (var (lighter, darker) in _noise)
        {
            lighter.Dispose();
            darker.Dispose();
        }
    }

    private void Prepare(PlannedVehicle vehicle)
    {
        if (ReferenceEquals(vehicle, _vehicle))
        {
            return;
        }

        _art?.Dispose();
        _plate?.Dispose();
        _vehicle = vehicle;
        _drive = new Drive(vehicle);
        _art = VehicleArt.Draw(vehicle, _weather.Daylight);
        var plate = PlateArt.Draw(vehicle.Registration, vehicle.Cover, new Random(vehicle.LookSeed));
        plate.ConvertTo(plate, MatType.CV_8UC3, _weather.PlateLight);
        _plate = new Texture(plate);
    }

    private void DrawVehicle(Mat frame, float seconds)
    {
        var front = _drive!.FrontAt(seconds);
        var rear = front + _drive.LengthMetres;
        DrawShadow(frame, front, rear);
        var half = _art!.BodyWidth / 2;
        DrawSide(frame, _art.Far, -half, front, rear, frontLeft: false);
        DrawSide(frame, _art.Near, half, front, rear, frontLeft: true);
        var x = _drive!.MiddleAt(front);
        if (_view.Depth(x, 0, front) < LaneView.Near)
        {
            return;
        }

        _art.Front.Draw(frame, Facing(x, _art.FrontWidth, 0, _art.FrontHeight, front));
        if (PlateCorners(_vehicle!, seconds) is { } corners)
        {
            _plate!.Draw(frame, corners);
        }
    }

    private void DrawShadow(Mat frame, float front, float rear)
    {
        var half = (_art!.BodyWidth / 2) + 0.1f;
        var (near, far) = (Math.Max(front - 0.2f, LaneView.Near), rear);
        if (far <= near)
        {
            return;
        }

        Point2f[] corners =
        [
            _view.Project(_drive!.MiddleAt(near) - half, 0, near), _view.Project(_drive!.MiddleAt(near) + half, 0, near),
            _view.Project(_drive!.MiddleAt(far) + half, 0, far), _view.Project(_drive!.MiddleAt(far) - half, 0, far),
        ];
        Cv2.FillConvexPoly(frame, corners.Select(corner => new Point((int)corner.X, (int)corner.Y)), Paint.Shade(Shadow, _weather.Daylight), LineTypes.AntiAlias);
    }

    private void DrawSide(Mat frame, Texture side, float from, float front, float rear, bool frontLeft)
    {
        var near = Math.Max(front, LaneView.Near);
        if (rear <= near)
        {
            return;
        }

        // What is behind the lens is cut off, from the end where the front is.
        var cut = (near - front) / (rear - front);
        var (nearX, farX) = (_drive!.MiddleAt(near) + from, _drive!.MiddleAt(rear) + from);
        Point2f[] nearEdge = [_view.Project(nearX, _art!.SideHeight, near), _view.Project(nearX, 0, near)];
        Point2f[] farEdge = [_view.Project(farX, _art.SideHeight, rear), _view.Project(farX, 0, rear)];
        var facesCamera = frontLeft ? nearEdge[0].X < farEdge[0].X : farEdge[0].X < nearEdge[0].X;
        if (!facesCamera || (!frontLeft && cut > 0))
        {
            return;
        }

        side.Draw(frame, frontLeft ? [nearEdge[0], farEdge[0], farEdge[1], nearEdge[1]] : [farEdge[0], nearEdge[0], nearEdge[1], farEdge[1]], cut);
    }

    private Point2f[] Facing(float middle, float width, float bottom, float height, float z)
    {
        var (left, right, top) = (middle - (width / 2), middle + (width / 2), bottom + height);
        return [_view.Project(left, top, z), _view.Project(right, top, z), _view.Project(right, bottom, z), _view.Project(left, bottom, z)];
    }

    private static Mat Noise(int seed, double sigma)
    {
        // Half of a normal distribution each: adding one and taking the other away gives the whole.
        using var normal = new Mat(LaneView.HeightPx, LaneView.WidthPx, MatType.CV_16SC3);
        Cv2.SetTheRNG((ulong)seed + 1);
        Cv2.Randn(normal, Scalar.All(0), Scalar.All(sigma));
        var noise = new Mat();
        Cv2.Max(normal, 0, normal);
        normal.ConvertTo(noise, MatType.CV_8UC3);
        return noise;
    }
}
