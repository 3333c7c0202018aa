using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>What does not move: sky, terminal, road, markings, booth, fence. Painted once.</summary>
internal sealed class Backdrop(LaneView view, double light, Random random)
{
    private const float LaneHalf = 2.1f;
    private const float FarAway = 400;

    private static readonly Scalar Asphalt = new(92, 90, 88);
    private static readonly Scalar Marking = new(214, 218, 218);
    private static readonly Scalar Kerb = new(150, 152, 150);

    /// <summary>BGR, <see cref="LaneView.WidthPx"/> x <see cref="LaneView.HeightPx"/>.</summary>
    public Mat Draw()
    {
        var picture = new Mat(LaneView.HeightPx, LaneView.WidthPx, MatType.CV_8UC3, Asphalt);
        var horizon = (int)view.Project(0, 0, FarAway).Y;
        DrawSky(picture, horizon);
        DrawTerminal(picture, horizon);
        DrawRoad(picture, horizon);
        DrawFence(picture);
        DrawBooth(picture);
        picture.ConvertTo(picture, MatType.CV_8UC3, light);
        return picture;
    }

    private void DrawSky(Mat picture, int horizon)
    {
        if (horizon <= 0)
        {
            return;
        }

        using var sky = new Mat(picture, new Rect(0, 0, picture.Width, Math.Min(horizon + 4, picture.Height)));
        Paint.Gradient(sky, new Rect(0, 0, sky.Width, sky.Height), new Scalar(214, 190, 168), new Scalar(226, 220, 212));
        Paint.Blotch(sky, 9, 9, random);
    }

    private void DrawTerminal(Mat picture, int horizon)
    {
        for (var x = -20; x < LaneView.WidthPx;)
        {
            var (width, height) = (60 + random.Next(150), 8 + random.Next(38));
            var grey = 120 + random.Next(60);
            Cv2.Rectangle(picture, new Rect(x, horizon - height, width, height + 3), new Scalar(grey + 8, grey + 2, grey - 4), -1);
            for (var window = x + 8; window < x + width - 8 && height > 20; window += 14)
            {
                Cv2.Rectangle(picture, new Rect(window, horizon - height + 6, 7, 5), new Scalar(grey - 46, grey - 50, grey - 54), -1);
            }

            x += width + random.Next(40);
        }
    }

    private void DrawRoad(Mat picture, int horizon)
    {
        using var ground = new Mat(picture, new Rect(0, horizon, picture.Width, picture.Height - horizon));
        Paint.Gradient(ground, new Rect(0, 0, ground.Width, ground.Height), new Scalar(150, 148, 144), Asphalt);
        Paint.Blotch(ground, 120, 4, random);
        Paint.Blotch(ground, 14, 5, random);
        Strip(picture, -LaneHalf - 0.12f, -LaneHalf + 0.03f, 1, 60, Marking);
        Strip(picture, LaneHalf - 0.03f, LaneHalf + 0.12f, 1, 60, Marking);
        Strip(picture, -LaneHalf - 1.3f, -LaneHalf - 0.4f, 1, 34, Kerb);
        for (var z = 9f; z < 60; z += 6)
        {
            Strip(picture, LaneHalf + 3.6f, LaneHalf + 3.75f, z, z + 3, Marking);
        }

        // Stop line.
        Quad(picture, Marking, (-LaneHalf, 0, 5.9f), (LaneHalf, 0, 5.9f), (LaneHalf, 0, 5.55f), (-LaneHalf, 0, 5.55f));
    }

    private void DrawFence(Mat picture)
    {
        for (var z = 12f; z < 60; z += 2.5f)
        {
            var left = Drive.LaneOffset(z) + 9;
            Cv2.Line(picture, Round(view.Project(left, 0, z)), Round(view.Project(left, 2.4f, z)), new Scalar(124, 126, 124), z < 25 ? 2 : 1, LineTypes.AntiAlias);
        }

        for (var height = 0.5f; height < 2.5f; height += 0.45f)
        {
            for (var z = 12f; z < 57; z += 2.5f)
            {
                var (from, to) = (view.Project(Drive.LaneOffset(z) + 9, height, z), view.Project(Drive.LaneOffset(z + 2.5f) + 9, height, z + 2.5f));
                Cv2.Line(picture, Round(from), Round(to), new Scalar(140, 142, 140), 1, LineTypes.AntiAlias);
            }
        }
    }

    private void DrawBooth(Mat picture)
    {
        const float left = -4.6f, right = -2.9f, near = 7.2f, far = 9.6f, top = 2.7f;
        Quad(picture, new Scalar(176, 182, 184), (left, top, near), (right, top, near), (right, 0, near), (left, 0, near));
        Quad(picture, new Scalar(132, 138, 140), (right, top, near), (right, top, far), (right, 0, far), (right, 0, near));
        Quad(picture, new Scalar(96, 84, 70), (left + 0.2f, 2.2f, near), (right - 0.2f, 2.2f, near), (right - 0.2f, 1.1f, near), (left + 0.2f, 1.1f, near));
        Quad(picture, new Scalar(84, 74, 62), (right, 2.2f, near + 0.3f), (right, 2.2f, far - 0.3f), (right, 1.1f, far - 0.3f), (right, 1.1f, near + 0.3f));
        Quad(picture, new Scalar(40, 120, 190), (left, top + 0.25f, near), (right, top + 0.25f, near), (right, top, near), (left, top, near));
    }

    private void Strip(Mat picture, float left, float right, float near, float far, Scalar colour)
    {
        const float step = 1;
        for (var z = near; z < far; z += step)
        {
            var (a, b) = (Drive.LaneOffset(z), Drive.LaneOffset(Math.Min(z + step, far)));
            Quad(picture, colour, (left + a, 0, z), (right + a, 0, z), (right + b, 0, Math.Min(z + step, far)), (left + b, 0, Math.Min(z + step, far)));
        }
    }

    private void Quad(Mat picture, Scalar colour, params (float X, float Y, float Z)[] corners) =>
        Cv2.FillConvexPoly(picture, corners.Select(corner => Round(view.Project(corner.X, corner.Y, corner.Z))), colour, LineTypes.AntiAlias);

    private static Point Round(Point2f point) => new((int)MathF.Round(point.X), (int)MathF.Round(point.Y));
}
