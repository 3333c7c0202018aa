using OpenCvSharp;
using static Anpr.Simulation.Scene.VehicleColours;

namespace Anpr.Simulation.Scene;

/// <summary>A touring coach: 2.5 m wide, 13.5 m long.</summary>
internal static class CoachArt
{
    public static Texture Front(VehicleLook look, double light)
    {
        using var sheet = new Sheet(3f, 3.6f, 240);
        sheet.Panel(0.34, 0, 0.32, 0.5, Rubber, Scalar.All(18));
        sheet.Panel(2.34, 0, 0.32, 0.5, Rubber, Scalar.All(18));
        sheet.Panel(0.25, 0.24, 2.5, 3.34, Paint.Shade(look.Body, 1.05), Paint.Shade(look.Body, 0.78), 0.2);
        sheet.Panel(0.36, 1.25, 2.28, 1.75, Glass, GlassLow, 0.14);
        sheet.Shape(Paint.Shade(GlassLow, 1.2), (0.42, 2.2), (1.5, 2.9), (1.1, 2.9), (0.42, 2.5));
        sheet.Disc(2.05, 1.72, 0.15, 0.19, new Scalar(74, 86, 112));
        sheet.Panel(0.75, 3.02, 1.5, 0.26, Scalar.All(20), Scalar.All(16));
        sheet.Word(look.Name, 1.5, 3.15, 0.14, new Scalar(60, 190, 250));
        sheet.Word(look.Name, 1.5, 0.98, 0.16, look.Trim);
        sheet.Panel(0.25, 0.72, 2.5, 0.06, look.Trim, look.Trim);
        sheet.Panel(0.8, 0.28, 1.4, 0.4, Plastic, Scalar.All(34), 0.04);
        foreach (var x in (double[])[0.52, 2.48])
        {
            sheet.Disc(x, 0.6, 0.18, 0.12, LampRim);
            sheet.Disc(x, 0.6, 0.14, 0.09, Lamp);
            sheet.Panel(x < 1.5 ? 0.02 : 2.78, 1.9, 0.2, 0.5, Plastic, Rubber, 0.04);
        }

        Paint.Blotch(sheet.Picture, 30, 3, new Random(look.Name.Length));
        return sheet.ToTexture(light);
    }

    public static Texture Side(VehicleLook look, double light, bool frontLeft)
    {
        using var sheet = new Sheet(13.5f, 3.6f, 60);
        sheet.Panel(0, 0.35, 13.5, 3.2, Paint.Shade(look.Body, 1), Paint.Shade(look.Body, 0.75), 0.2);
        sheet.Panel(0.4, 1.9, 12.6, 1.1, Glass, GlassLow, 0.1);
        sheet.Shape(look.Trim, (1, 0.5), (5, 0.5), (8, 1.7), (6, 1.7));
        foreach (var x in (double[])[2.6, 3.9, 11])
        {
            LorryArt.Wheel(sheet, x, 0.5);
        }

        if (frontLeft)
        {
            sheet.Mirror();
        }

        sheet.Word(look.Name, frontLeft ? 4.0 : 9.5, 1.2, 0.5, look.Trim);
        return sheet.ToTexture(light * 0.85);
    }
}
