using OpenCvSharp;
using static Anpr.Simulation.Scene.VehicleColours;

namespace Anpr.Simulation.Scene;

/// <summary>A tractor with its semi-trailer: 2.5 m wide, 16.5 m long.</summary>
internal static class LorryArt
{
    private const double Middle = 1.55;

    public static Texture Front(VehicleLook look, double light)
    {
        using var sheet = new Sheet(3.1f, 3.75f, 240);
        var body = look.Body;
        // Tyres and the dark below the bumper.
        sheet.Panel(0.36, 0, 0.36, 0.6, Rubber, Scalar.All(18));
        sheet.Panel(2.38, 0, 0.36, 0.6, Rubber, Scalar.All(18));
        sheet.Panel(0.4, 0.2, 2.3, 0.3, Scalar.All(26), Scalar.All(16));
        // Cab and roof deflector.
        sheet.Panel(0.3, 0.42, 2.5, 2.75, Paint.Shade(body, 1.06), Paint.Shade(body, 0.82), 0.12);
        sheet.Shape(Paint.Shade(body, 0.93), (0.42, 3.05), (0.62, 3.68), (2.48, 3.68), (2.68, 3.05));
        sheet.Word(look.Name, Middle, 3.33, 0.2, look.Trim);
        Windscreen(sheet);
        Grille(sheet, look);
        Bumper(sheet, look);
        Mirrors(sheet, body);
        Paint.Blotch(sheet.Picture, 30, 3, new Random(look.Name.Length));
        return sheet.ToTexture(light);
    }

    public static Texture Side(VehicleLook look, double light, bool frontLeft)
    {
        using var sheet = new Sheet(16.5f, 4f, 60);
        // Painted with the front on the right.
        sheet.Panel(0, 1.1, 13.4, 2.8, Paint.Shade(look.Trim, 1.05), Paint.Shade(look.Trim, 0.85));
        for (var x = 0.6; x < 13.4; x += 0.62)
        {
            sheet.Line(x, 1.12, x, 3.88, 0.03, Paint.Shade(look.Trim, 0.8));
        }

        sheet.Panel(0, 0.95, 13.6, 0.2, Plastic, Rubber);
        sheet.Panel(3.6, 0.45, 6, 0.5, Scalar.All(120), Scalar.All(84));
        sheet.Panel(14.2, 0.6, 2.3, 2.9, Paint.Shade(look.Body, 0.98), Paint.Shade(look.Body, 0.75), 0.1);
        sheet.Panel(15.1, 2, 0.95, 0.85, Glass, GlassLow);
        sheet.Panel(13.3, 0.5, 1.6, 0.5, Plastic, Rubber);
        foreach (var x in (double[])[1.3, 2.6, 3.9, 12.9, 15.4])
        {
            Wheel(sheet, x, 0.52);
        }

        if (frontLeft)
        {
            sheet.Mirror();
        }

        sheet.Word(look.Name, frontLeft ? 9.9 : 6.6, 2.6, 0.9, look.Body);
        return sheet.ToTexture(light * 0.85);
    }

    public static void Wheel(Sheet sheet, double x, double radius)
    {
        sheet.Disc(x, radius, radius, radius, Rubber);
        sheet.Disc(x, radius, radius * 0.55, radius * 0.55, Scalar.All(140));
        sheet.Disc(x, radius, radius * 0.22, radius * 0.22, Scalar.All(70));
    }

    private static void Windscreen(Sheet sheet)
    {
        sheet.Panel(0.46, 1.86, 2.18, 1.05, Glass, GlassLow, 0.07);
        // Sky in the glass, the driver behind it, wipers, sun visor.
        sheet.Shape(Paint.Shade(GlassLow, 1.25), (0.5, 2.55), (1.35, 2.86), (0.95, 2.86), (0.5, 2.74));
        sheet.Disc(2.05, 2.22, 0.15, 0.19, new Scalar(74, 86, 112));
        sheet.Panel(1.8, 1.88, 0.5, 0.2, new Scalar(62, 54, 48), new Scalar(50, 44, 40));
        sheet.Line(0.7, 1.9, 1.35, 2.02, 0.025, Rubber);
        sheet.Line(1.5, 1.9, 2.2, 2.02, 0.025, Rubber);
        sheet.Panel(0.46, 2.86, 2.18, 0.16, Scalar.All(40), Scalar.All(28));
        foreach (var x in (double[])[0.7, 1.25, 1.85, 2.4])
        {
            sheet.Disc(x, 3.12, 0.06, 0.025, Amber);
        }
    }

    private static void Grille(Sheet sheet, VehicleLook look)
    {
        sheet.Panel(0.62, 0.86, 1.86, 0.86, Scalar.All(46), Scalar.All(30), 0.05);
        for (var y = 0.94; y < 1.5; y += 0.115)
        {
            sheet.Panel(0.68, y, 1.74, 0.035, Scalar.All(150), Scalar.All(96));
        }

        sheet.Panel(0.62, 1.5, 1.86, 0.3, Paint.Shade(look.Body, 0.98), Paint.Shade(look.Body, 0.9));
        sheet.Word(look.Name, Middle, 1.65, 0.13, Paint.Shade(look.Trim, 0.9));
        sheet.Disc(Middle, 1.22, 0.13, 0.13, Scalar.All(176));
        sheet.Disc(Middle, 1.22, 0.09, 0.09, Scalar.All(60));
    }

    private static void Bumper(Sheet sheet, VehicleLook look)
    {
        sheet.Panel(0.28, 0.26, 2.54, 0.58, Paint.Shade(look.Body, 0.8), Paint.Shade(look.Body, 0.6), 0.08);
        sheet.Panel(0.94, 0.28, 1.22, 0.42, Plastic, Scalar.All(34), 0.03);
        foreach (var side in (double[])[0.6, 2.5])
        {
            sheet.Disc(side, 0.66, 0.24, 0.13, LampRim);
            sheet.Disc(side, 0.66, 0.2, 0.1, Lamp);
            sheet.Disc(side + (side < Middle ? -0.2 : 0.2), 0.66, 0.06, 0.08, Amber);
            sheet.Disc(side, 0.4, 0.1, 0.06, Scalar.All(196));
        }
    }

    private static void Mirrors(Sheet sheet, Scalar body)
    {
        foreach (var left in (double[])[0.02, 2.84])
        {
            sheet.Panel(left, 1.95, 0.24, 0.62, Paint.Shade(body, 0.62), Paint.Shade(body, 0.5), 0.05);
            sheet.Panel(left, 1.7, 0.24, 0.22, Plastic, Rubber, 0.05);
        }

        sheet.Line(0.14, 2.6, 0.5, 2.72, 0.05, Plastic);
        sheet.Line(2.6, 2.72, 2.96, 2.6, 0.05, Plastic);
    }
}
