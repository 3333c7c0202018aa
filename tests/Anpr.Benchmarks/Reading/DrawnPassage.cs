using Anpr.Edge.Detect;
using Anpr.Models.Plates;
using Anpr.Simulation.Scene;
using Anpr.Simulation.Traffic;
using OpenCvSharp;

namespace Anpr.Benchmarks.Reading;

/// <summary>
/// One plate on the front of a vehicle, seen several times. Held out from training: the characters are the simulation's own strokes
/// (hardware/Anpr.Simulation/Scene/Glyphs.cs; the reader is trained on sheets of real characters and on fonts, models/training/plates/
/// glyphs.py), plate and vehicle are its drawings (training has its own layouts, and photographs as backdrops), and what the camera does
/// to them is <see cref="PlateCamera"/>'s. Not held out are the formats of registrations: both draw them from models/Plates/countries.json.
/// </summary>
internal sealed class DrawnPassage : IDisposable
{
    // The detector is left out: where it would have seen the plate is where it is, and an error that is drawn for each corner by itself,
    // as shares of the plate's width and height, and in pixels.
    private const double ErrorX = 0.02;
    private const double ErrorY = 0.05;
    private const double ErrorPx = 0.3;

    // A 12 mm lens on a 1/2.8" sensor, as the simulation's camera.
    private const double FocalPx = 1400;

    private readonly Random _random;
    private readonly VehicleArt _art;
    private readonly Texture _plate;
    private readonly float _width;
    private readonly float _height;

    /// <summary>Draws number <paramref name="number"/> of a seed, the same whenever it is asked for.</summary>
    public DrawnPassage(CountryTable table, int seed, int number)
    {
        _random = new Random(HashOf(seed, number));
        Conditions = Conditions.Draw(_random);
        var kind = TrafficMix.Kind(_random);
        var registration = new RegistrationMaker(table).Make(TrafficMix.Country(_random), kind, mayHaveTwoLines: true, _random);
        Text = registration.Text;
        (_width, _height) = PlateArt.SizeMetres(registration);
        _art = VehicleArt.Draw(new(number, Text, kind, registration, PlateCover.None, 0, false, default, default, _random.Next()), 1);
        var plate = PlateArt.Draw(registration, PlateCover.None, _random);
        Dirt.Cover(plate, Conditions.DirtShare, _random);
        _plate = new Texture(plate);
    }

    /// <summary>What it is drawn with.</summary>
    public Conditions Conditions { get; }

    /// <summary>Its registration, 0-9 A-Z.</summary>
    public string Text { get; }

    /// <summary>Draws its views in their order: a picture, which is the caller's, and where a detector would see the plate.</summary>
    public IEnumerable<(Mat Picture, Quad Plate)> Views()
    {
        for (var view = 0; view < Conditions.Views; view++)
        {
            var width = Conditions.WidthPx(view);
            var size = new Size((int)(width * 1.5) + 40, (int)(width * (_height / _width) * 2.2) + 40);
            var middle = new Point2d((size.Width / 2.0) + _random.Normal(4), (size.Height / 2.0) + _random.Normal(4));
            var angles = (Conditions.YawDegrees + _random.Normal(1.5), Conditions.PitchDegrees + _random.Normal(0.7), Conditions.RollDegrees + _random.Normal(0.5));
            Point2f Seen(double x, double y) => Project(x, y, angles, FocalPx * _width / width, middle);
            Point2f[] Rectangle(double left, double top, double right, double bottom) => [Seen(left, top), Seen(right, top), Seen(right, bottom), Seen(left, bottom)];

            var picture = new Mat(size, MatType.CV_8UC3, Scalar.All(70));
            _art.Front.Draw(picture, Rectangle(-_art.FrontWidth / 2, _art.PlateHeight - _art.FrontHeight, _art.FrontWidth / 2, _art.PlateHeight));
            var corners = Rectangle(-_width / 2, -_height / 2, _width / 2, _height / 2);
            _plate.Draw(picture, corners);
            PlateCamera.Take(picture, Conditions, _random);
            yield return (picture, Found(corners));
        }
    }

    public void Dispose()
    {
        _art.Dispose();
        _plate.Dispose();
    }

    private Quad Found(Point2f[] corners)
    {
        var quad = new Quad(corners[0], corners[1], corners[2], corners[3]);
        Point2f Err(Point2f p) => new(
            (float)(p.X + _random.Normal((ErrorX * quad.WidthPx) + ErrorPx)),
            (float)(p.Y + _random.Normal((ErrorY * quad.HeightPx) + ErrorPx)));
        var seen = new Quad(Err(corners[0]), Err(corners[1]), Err(corners[2]), Err(corners[3]));
        return seen.IsUsable() ? seen : quad;
    }

    // From the vehicle's front, metres right of and below the plate's middle, to pixels: turned, and seen by a pinhole from a distance.
    private static Point2f Project(double x, double y, (double Yaw, double Pitch, double Roll) degrees, double distance, Point2d middle)
    {
        var (sinYaw, cosYaw) = Math.SinCos(degrees.Yaw * Math.PI / 180);
        var (sinPitch, cosPitch) = Math.SinCos(degrees.Pitch * Math.PI / 180);
        var (sinRoll, cosRoll) = Math.SinCos(degrees.Roll * Math.PI / 180);
        var (turnedX, turnedZ) = (x * cosYaw, x * sinYaw);
        var (tiltedY, depth) = ((y * cosPitch) - (turnedZ * sinPitch), distance + (y * sinPitch) + (turnedZ * cosPitch));
        var scale = FocalPx / Math.Max(0.5, depth);
        return new(
            (float)(middle.X + (scale * ((turnedX * cosRoll) - (tiltedY * sinRoll)))),
            (float)(middle.Y + (scale * ((turnedX * sinRoll) + (tiltedY * cosRoll)))));
    }

    // Random's first numbers are a line over its seeds: they are mixed first (the last steps of MurmurHash3).
    private static int HashOf(int seed, int number)
    {
        var hash = ((ulong)(uint)seed << 32) | (uint)number;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return (int)(hash ^ (hash >> 33));
    }
}
