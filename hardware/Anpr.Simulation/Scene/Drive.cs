using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Scene;

/// <summary>
/// How a vehicle moves: round the bend, braking evenly down to the stop line, standing, then away past the camera with
/// even acceleration. Times in seconds after it comes into view.
/// </summary>
internal sealed class Drive
{
    /// <summary>Longest time between coming into view and standing, seconds.</summary>
    public const float ApproachSeconds = 6;

    private const float StartAt = 38;
    private const float BendFrom = 12;
    private const float BendTo = 38;
    private const float BendOffset = -27;
    private const float Acceleration = 1.9f;
    // At this distance of its rear from the camera the last of a vehicle is out of the picture.
    private const float OutOfView = 1.2f;

    private readonly float _standsSeconds;
    private readonly float _stopAt;
    private readonly float _besideMiddle;

    /// <param name="vehicle">Decides length, time at the stop line, and how exactly its driver stops there.</param>
    public Drive(PlannedVehicle vehicle)
    {
        _standsSeconds = (float)vehicle.Stands.TotalSeconds;
        var driver = new Random(vehicle.LookSeed);
        _stopAt = 5.9f + (0.7f * driver.NextSingle());
        _besideMiddle = 0.3f * (driver.NextSingle() - 0.5f);
        LengthMetres = vehicle.Kind switch { VehicleKind.Lorry => 16.5f, VehicleKind.Coach => 13.5f, _ => 4.6f };
        GoneAfter = ApproachSeconds + _standsSeconds + MathF.Sqrt(2 * (_stopAt + LengthMetres - OutOfView) / Acceleration);
    }

    /// <summary>From bumper to bumper, metres.</summary>
    public float LengthMetres { get; }

    /// <summary>When the last of it has left the picture, seconds.</summary>
    public float GoneAfter { get; }

    /// <summary>True while it leaves: the barrier is up.</summary>
    public bool IsLeaving(float seconds) => seconds > ApproachSeconds + _standsSeconds;

    /// <summary>True while it stands at the stop line.</summary>
    public bool IsStanding(float seconds) => seconds >= ApproachSeconds && !IsLeaving(seconds);

    /// <summary>Distance of the front along the lane, metres; negative once it has passed the camera.</summary>
    public float FrontAt(float seconds)
    {
        if (seconds < ApproachSeconds)
        {
            var left = 1 - (seconds / ApproachSeconds);
            return _stopAt + ((StartAt - _stopAt) * left * left);
        }

        var leaving = seconds - ApproachSeconds - _standsSeconds;
        return leaving <= 0 ? _stopAt : _stopAt - (Acceleration * leaving * leaving / 2);
    }

    /// <summary>How far the vehicle's middle is to the right at a distance, metres.</summary>
    public float MiddleAt(float distance) => LaneOffset(distance) + _besideMiddle;

    /// <summary>How far the lane's middle is to the right at a distance, metres: the lane comes out of a bend.</summary>
    public static float LaneOffset(float distance)
    {
        var t = Math.Clamp((distance - BendFrom) / (BendTo - BendFrom), 0, 1);
        return BendOffset * t * t * (3 - (2 * t));
    }
}
