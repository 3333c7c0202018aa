using Anpr.Simulation.Traffic;
using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>
/// Paints a plate: 520 x 110 mm on one line, 340 x 200 mm on two, characters 76 mm high (the usual sizes in Europe;
/// the United Kingdom's differ by a millimetre or two). Two pixels a millimetre.
/// </summary>
internal static class PlateArt
{
    private const int PxPerMm = 2;
    private const int BandMm = 40;
    private const int LetterMm = 76;
    private const int StrokeMm = 11;
    private const int GapMm = 10;
    private const int GroupGapMm = 30;

    private static readonly Scalar Blue = new(150, 62, 16);
    private static readonly Scalar Yellow = new(40, 200, 240);
    private static readonly Scalar White = new(240, 244, 244);

    // Countries whose plates have a seal or arms between the first two groups.
    private static readonly HashSet<string> Sealed = ["DE", "AT", "SK", "SI", "RS", "HR"];

    /// <summary>Width and height in metres.</summary>
    public static (float Width, float Height) SizeMetres(Registration registration) => registration.Lines.Count == 1 ? (0.52f, 0.11f) : (0.34f, 0.2f);

    /// <summary>The plate as it hangs there: with bolts, dirt and, if it is covered, its cloth.</summary>
    public static Mat Draw(Registration registration, PlateCover cover, Random random)
    {
        var (width, height) = SizeMetres(registration);
        var plate = new Mat((int)(height * 1000 * PxPerMm), (int)(width * 1000 * PxPerMm), MatType.CV_8UC3, Paint.Hex(registration.Background));
        if (cover == PlateCover.Missing)
        {
            plate.SetTo(new Scalar(38, 36, 34));
            Paint.Blotch(plate, 12, 6, random);
            return plate;
        }

        DrawBands(plate, registration);
        DrawLines(plate, registration);
        Cv2.Rectangle(plate, new Rect(5, 5, plate.Width - 10, plate.Height - 10), Paint.Shade(Paint.Hex(registration.Ink), 1), 4, LineTypes.AntiAlias);
        Wear(plate, random);
        if (cover == PlateCover.Cloth)
        {
            DrawCloth(plate, random);
        }

        return plate;
    }

    private static void DrawBands(Mat plate, Registration registration)
    {
        if (registration.Band is "left" or "both")
        {
            DrawBand(plate, 0, registration.Sign, stars: registration.Country is not ("GB" or "UA" or "TR" or "RS"));
        }

        if (registration.Band == "both")
        {
            DrawBand(plate, plate.Width - (BandMm * PxPerMm), "", stars: false);
        }
    }

    private static void DrawBand(Mat plate, int left, string sign, bool stars)
    {
        Cv2.Rectangle(plate, new Rect(left, 0, BandMm * PxPerMm, plate.Height), Blue, -1);
        var middle = left + (BandMm * PxPerMm / 2);
        for (var i = 0; stars && i < 12; i++)
        {
            var angle = i * Math.PI / 6;
            Cv2.Circle(plate, (int)(middle + (26 * Math.Cos(angle))), (int)((plate.Height * 0.3) + (26 * Math.Sin(angle))), 4, Yellow, -1, LineTypes.AntiAlias);
        }

        if (sign.Length > 0)
        {
            Paint.Word(plate, sign, new Point(middle, (int)(plate.Height * 0.76)), sign.Length > 2 ? 26 : 40, White, 5);
        }
    }

    private static void DrawLines(Mat plate, Registration registration)
    {
        var left = registration.Band is "left" or "both" ? BandMm * PxPerMm : 0;
        var right = plate.Width - (registration.Band == "both" ? BandMm * PxPerMm : 0);
        var lineHeight = plate.Height / registration.Lines.Count;
        for (var line = 0; line < registration.Lines.Count; line++)
        {
            var groups = registration.Lines[line];
            var seal = line == 0 && groups.Count > 1 && Sealed.Contains(registration.Country);
            DrawLine(plate, groups, new Rect(left, line * lineHeight, right - left, lineHeight), Paint.Hex(registration.Ink), seal);
        }
    }

    private static void DrawLine(Mat plate, IReadOnlyList<string> groups, Rect room, Scalar ink, bool seal)
    {
        const double unitPx = (LetterMm - StrokeMm) * PxPerMm / Glyphs.Height;
        var groupGap = (seal ? GroupGapMm + 18 : GroupGapMm) * PxPerMm;
        var letters = groups.Sum(group => group.Sum(c => (Glyphs.Width(c) * unitPx) + (StrokeMm * PxPerMm)) + ((group.Length - 1) * GapMm * PxPerMm));
        var natural = letters + ((groups.Count - 1) * groupGap);
        // Long texts are stamped narrower, as on real plates.
        var squeeze = Math.Min(1, (room.Width - 36) / natural);
        var x = room.X + ((room.Width - (natural * squeeze)) / 2);
        var y = room.Y + ((room.Height - (LetterMm * PxPerMm)) / 2.0) + (StrokeMm * PxPerMm / 2.0);
        for (var g = 0; g < groups.Count; g++)
        {
            foreach (var c in groups[g])
            {
                Glyphs.Draw(plate, c, x + (StrokeMm * PxPerMm / 2.0 * squeeze), y, unitPx * squeeze, unitPx, StrokeMm * PxPerMm, ink);
                x += ((Glyphs.Width(c) * unitPx) + ((StrokeMm + GapMm) * PxPerMm)) * squeeze;
            }

            x -= GapMm * PxPerMm * squeeze;
            if (seal && g == 0)
            {
                DrawSeal(plate, (int)(x + (groupGap * squeeze / 2)), room.Y + (room.Height / 2));
            }

            x += groupGap * squeeze;
        }
    }

    private static void DrawSeal(Mat plate, int x, int y)
    {
        Cv2.Circle(plate, x, y + 24, 22, new Scalar(120, 130, 130), -1, LineTypes.AntiAlias);
        Cv2.Circle(plate, x, y + 24, 15, new Scalar(70, 140, 190), -1, LineTypes.AntiAlias);
        Cv2.Circle(plate, x, y - 30, 18, new Scalar(90, 150, 60), -1, LineTypes.AntiAlias);
    }

    private static void Wear(Mat plate, Random random)
    {
        foreach (var x in (double[])[0.32, 0.68])
        {
            Cv2.Circle(plate, (int)(plate.Width * x), plate.Height - 18, 7, new Scalar(120, 124, 128), -1, LineTypes.AntiAlias);
        }

        Paint.Blotch(plate, 14, 3 + (random.NextDouble() * 7), random);
        for (var splash = random.Next(12); splash > 0; splash--)
        {
            var grey = 70 + random.Next(50);
            Cv2.Circle(plate, random.Next(plate.Width), random.Next(plate.Height), 1 + random.Next(4), new Scalar(grey - 20, grey - 8, grey), -1, LineTypes.AntiAlias);
        }
    }

    private static void DrawCloth(Mat plate, Random random)
    {
        var cloth = new Scalar(50 + random.Next(40), 60 + random.Next(40), 70 + random.Next(40));
        plate.SetTo(cloth);
        for (var fold = 0; fold < 9; fold++)
        {
            var x = random.Next(plate.Width);
            var slant = random.Next(-60, 60);
            Cv2.Line(plate, x, 0, x + slant, plate.Height, Paint.Shade(cloth, 0.75 + (random.NextDouble() * 0.5)), 14, LineTypes.AntiAlias);
        }

        Cv2.GaussianBlur(plate, plate, new Size(31, 31), 0);
        Paint.Blotch(plate, 20, 7, random);
    }
}
