using Anpr.Simulation.Traffic;
using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>The colours and the name that one vehicle wears. The names are made up.</summary>
internal sealed record VehicleLook(Scalar Body, Scalar Trim, string Name)
{
    private static readonly string[] Colours = ["#F1F1EC", "#D8DADB", "#B01E23", "#123C7C", "#1C6B43", "#E28B12", "#2B2E33", "#7B8087", "#5A1F2E", "#2F7FA8"];

    private static readonly string[] Names =
    [
        "NORDVIA", "TRANS OPALE", "HALDERSEN", "KOVARIK", "BLUE FENN", "LUMENTRANS", "ORBELIN", "VASTERLOO", "PETRUSCU", "SILVANDER", "DOVERHOLM", "AQUILOR",
    ];

    /// <summary>The look of a vehicle: the same whenever it comes.</summary>
    public static VehicleLook Of(PlannedVehicle vehicle)
    {
        var random = new Random(vehicle.LookSeed);
        var body = Colours[random.Next(Colours.Length)];
        var trim = Colours[random.Next(Colours.Length)];
        return new VehicleLook(Paint.Hex(body), Paint.Hex(trim == body ? Colours[(Array.IndexOf(Colours, body) + 3) % Colours.Length] : trim), Names[random.Next(Names.Length)]);
    }
}
