using OpenCvSharp;
using static Anpr.Simulation.Scene.VehicleColours;

namespace Anpr.Simulation.Scene;

/// <summary>A car: 1.8 m wide, 4.6 m long.</summary>
internal static class CarArt
{
    private const double Middle = 1.05;

    public static Texture Front(VehicleLook look, double light)
    {
        using var sheet = new Sheet(2.1f, 1.6f, 340);
        var body = look.Body;
        sheet.Panel(0.22, 0, 0.26, 0.5, Rubber, Scalar.All(18));
        sheet.Panel(1.62, 0, 0.26, 0.5, Rubber, Scalar.All(18));
        sheet.Shape(Paint.Shade(body, 0.9), (0.3, 0.9), (0.5, 1.5), (0.68, 1.57), (1.42, 1.57), (1.6, 1.5), (1.8, 0.9));
        sheet.Shape(Glass, (0.42, 0.98), (0.58, 1.43), (0.7, 1.49), (1.4, 1.49), (1.52, 1.43), (1.68, 0.98));
        sheet.Shape(Paint.Shade(GlassLow, 1.2), (0.55, 1.1), (0.85, 1.46), (0.74, 1.46), (0.58, 1.36));
        sheet.Disc(1.34, 1.2, 0.1, 0.13, new Scalar(74, 86, 112));
        // Bonnet, then the face below it.
        sheet.Panel(0.16, 0.62, 1.78, 0.38, Paint.Shade(body, 1.08), Paint.Shade(body, 0.92), 0.14);
        sheet.Panel(0.15, 0.2, 1.8, 0.56, Paint.Shade(body, 0.94), Paint.Shade(body, 0.7), 0.12);
        sheet.Panel(0.56, 0.56, 0.98, 0.13, Scalar.All(40), Scalar.All(26), 0.04);
        sheet.Disc(Middle, 0.63, 0.06, 0.06, Scalar.All(190));
        sheet.Panel(0.6, 0.22, 0.9, 0.13, Scalar.All(44), Scalar.All(30), 0.03);
        foreach (var x in (double[])[0.36, 1.74])
        {
            sheet.Disc(x, 0.66, 0.17, 0.075, LampRim);
            sheet.Disc(x, 0.66, 0.13, 0.055, Lamp);
            sheet.Disc(x, 0.32, 0.06, 0.04, Scalar.All(180));
            sheet.Panel(x < Middle ? 0.02 : 1.88, 0.95, 0.2, 0.14, Paint.Shade(body, 0.8), Paint.Shade(body, 0.6), 0.04);
        }

        Paint.Blotch(sheet.Picture, 24, 2, new Random(look.Name.Length));
        return sheet.ToTexture(light);
    }

    public static Texture Side(VehicleLook look, double light, bool frontLeft)
    {
        using var sheet = new Sheet(4.6f, 1.5f, 120);
        sheet.Shape(Paint.Shade(look.Body, 0.85), (0.3, 0.9), (0.9, 1.42), (4.35, 1.5), (4.6, 0.9));
        sheet.Shape(Glass, (0.7, 0.95), (1.1, 1.36), (4.1, 1.42), (4.35, 0.95));
        sheet.Panel(0, 0.25, 4.6, 0.68, Paint.Shade(look.Body, 0.95), Paint.Shade(look.Body, 0.7), 0.14);
        LorryArt.Wheel(sheet, 0.9, 0.32);
        LorryArt.Wheel(sheet, 3.7, 0.32);
        if (frontLeft)
        {
            sheet.Mirror();
        }

        return sheet.ToTexture(light * 0.85);
    }
}
