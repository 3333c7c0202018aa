using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>The red and white arm in front of the stop line.</summary>
internal sealed class Barrier(LaneView view, double light)
{
    private const float PivotX = -2.7f;
    private const float PivotY = 1.05f;
    private const float Z = 5.1f;
    private const float ArmMetres = 4.4f;
    private const float HalfArm = 0.045f;
    private const int Stripes = 11;
    private const float RaisedDegrees = 82;
    private const float RaiseSeconds = 1.2f;

    /// <summary>Draws it; <paramref name="raisingSeconds"/> is the time since it began to rise, 0 while it is down.</summary>
    public void Draw(Mat frame, float raisingSeconds)
    {
        var angle = RaisedDegrees * Math.Clamp(raisingSeconds / RaiseSeconds, 0, 1) * MathF.PI / 180;
        var (sin, cos) = MathF.SinCos(angle);
        for (var stripe = 0; stripe < Stripes; stripe++)
        {
            var colour = Paint.Shade(stripe % 2 == 0 ? new Scalar(46, 40, 196) : new Scalar(232, 234, 234), light);
            var (from, to) = (ArmMetres * stripe / Stripes, ArmMetres * (stripe + 1) / Stripes);
            Point[] corners = [At(from, HalfArm, sin, cos), At(to, HalfArm, sin, cos), At(to, -HalfArm, sin, cos), At(from, -HalfArm, sin, cos)];
            Cv2.FillConvexPoly(frame, corners, colour, LineTypes.AntiAlias);
        }

        Point[] post = [On(PivotX - 0.2f, 1.25f), On(PivotX + 0.15f, 1.25f), On(PivotX + 0.15f, 0), On(PivotX - 0.2f, 0)];
        Cv2.FillConvexPoly(frame, post, Paint.Shade(new Scalar(60, 150, 214), light), LineTypes.AntiAlias);
    }

    private Point At(float along, float across, float sin, float cos) =>
        On(PivotX + (along * cos) - (across * sin), PivotY + (along * sin) + (across * cos));

    private Point On(float x, float y)
    {
        var seen = view.Project(x, y, Z);
        return new Point((int)MathF.Round(seen.X), (int)MathF.Round(seen.Y));
    }
}
