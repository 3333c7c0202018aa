using Anpr.Simulation.Traffic;
using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>The faces of a vehicle as textures with their measures in metres.</summary>
/// <param name="Front">The front, mirrors included.</param>
/// <param name="FrontWidth">Width of <paramref name="Front"/>.</param>
/// <param name="FrontHeight">Height of <paramref name="Front"/>.</param>
/// <param name="Near">The side that the camera sees as the vehicle passes: its front is on the left.</param>
/// <param name="Far">The other side, seen in the bend: its front is on the right.</param>
/// <param name="SideHeight">Height of the sides.</param>
/// <param name="BodyWidth">Between the sides.</param>
/// <param name="PlateHeight">Middle of the plate above the road.</param>
internal sealed record VehicleArt(Texture Front, float FrontWidth, float FrontHeight, Texture Near, Texture Far, float SideHeight, float BodyWidth, float PlateHeight) : IDisposable
{
    /// <summary>Paints a vehicle; <paramref name="light"/> is the daylight, 1 at noon.</summary>
    public static VehicleArt Draw(PlannedVehicle vehicle, double light)
    {
        var look = VehicleLook.Of(vehicle);
        return vehicle.Kind switch
        {
            VehicleKind.Lorry => new VehicleArt(LorryArt.Front(look, light), 3.1f, 3.75f, LorryArt.Side(look, light, true), LorryArt.Side(look, light, false), 4f, 2.5f, 0.48f),
            VehicleKind.Coach => new VehicleArt(CoachArt.Front(look, light), 3f, 3.6f, CoachArt.Side(look, light, true), CoachArt.Side(look, light, false), 3.6f, 2.5f, 0.5f),
            _ => new VehicleArt(CarArt.Front(look, light), 2.1f, 1.6f, CarArt.Side(look, light, true), CarArt.Side(look, light, false), 1.5f, 1.8f, 0.45f),
        };
    }

    public void Dispose()
    {
        Front.Dispose();
        Near.Dispose();
        Far.Dispose();
    }
}

/// <summary>Colours that all vehicles share, BGR.</summary>
internal static class VehicleColours
{
    public static readonly Scalar Glass = new(58, 50, 42);
    public static readonly Scalar GlassLow = new(96, 88, 76);
    public static readonly Scalar Rubber = new(30, 29, 28);
    public static readonly Scalar Plastic = new(52, 50, 48);
    public static readonly Scalar Lamp = new(250, 252, 250);
    public static readonly Scalar LampRim = new(150, 150, 146);
    public static readonly Scalar Amber = new(40, 150, 240);
}
