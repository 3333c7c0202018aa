using System.Globalization;

namespace Anpr.Edge.Ops.Aim;

/// <summary>
/// What an engineer turns at a camera, from what it showed: size, focus, shutter, light. Thresholds: 2.7 px a stroke, a plate of one line
/// 170 px wide when it stands, 15 grey levels, and shutter times after the camera guides of Milestone Systems; characters 20 px high and a tilt
/// of 30 degrees after those of SimpleLPR.
/// </summary>
internal static class AimReport
{
    private const float LeastWidthPx = 170;
    private const float LeastStrokePx = 2.7f;
    private const float LeastCharacterPx = 20;
    private const float LeastContrast = 15;
    private const float MostTiltDegrees = 30;

    // A sharp lens and its sensor spread a step over one to two pixels; from half as much again strokes of 2.7 px run together.
    private const float SharpPx = 2.6f;

    // 1 / (11 x km/h) seconds: in that time a plate moves by less than a stroke where it is 170 px wide.
    private const float ShutterPerKmh = 11;

    /// <summary>The findings of one camera; none when it showed no plate.</summary>
    /// <param name="camera">Its name.</param>
    /// <param name="shown">Pictures with a plate.</param>
    /// <param name="plates">Every plate whose characters stood out.</param>
    /// <param name="kmh">Speed of vehicles in this lane, km/h.</param>
    public static IEnumerable<Finding> Of(string camera, int shown, IReadOnlyList<PlateAim> plates, int kmh)
    {
        if (plates.Count == 0)
        {
            if (shown > 0)
            {
                yield return new(Verdict.Warning, camera, "no plate's characters stand out well enough to be measured. See the still: plates are too small, too dark, washed out or blurred.");
            }

            yield break;
        }

        // The larger half: a vehicle that comes nearer is judged where it is read.
        var near = plates.OrderByDescending(p => p.WidthPx).Take((plates.Count + 1) / 2).ToList();
        var (width, stroke, character) = (Median(near, p => p.WidthPx), Median(near, p => p.StrokePx), Median(near, p => p.CharacterPx));
        yield return Said(stroke >= LeastStrokePx && character >= LeastCharacterPx, camera, $"plate {width:0} px wide, strokes {stroke:0.0} px, characters {character:0} px high", $"Zoom in, or move the camera nearer: strokes of {LeastStrokePx:0.0} px and characters of {LeastCharacterPx:0} px are wanted; a plate of one line then is about {LeastWidthPx:0} px wide.");

        var tilt = Median(near, p => p.TiltDegrees);
        yield return Said(tilt <= MostTiltDegrees, camera, $"plate {tilt:0} degrees from level", $"Turn the camera, or move it so that it looks more along the lane: {MostTiltDegrees:0} degrees at most are wanted.");

        var contrast = Median(near, p => p.Contrast);
        yield return Said(contrast >= LeastContrast, camera, $"contrast {contrast:0} of 255 grey levels", $"Give more light, or a longer exposure: {LeastContrast:0} are wanted.");

        var (across, down) = (Median(near, p => p.AcrossPx), Median(near, p => p.DownPx));
        var shutter = $"Shutter: 1/{kmh * ShutterPerKmh:0} s or shorter for {kmh} km/h.";
        var edges = $"edges {across:0.0} px wide across, {down:0.0} px down";
        yield return Math.Max(across, down) < SharpPx ? new(Verdict.OK, camera, Words($"{edges}: sharp. {shutter}"))
            : Math.Max(across, down) > 1.8f * Math.Min(across, down) ? new(Verdict.Warning, camera, Words($"{edges}: blurred by motion. {shutter}"))
            : new(Verdict.Warning, camera, Words($"{edges}: out of focus. Focus at the place where plates are read, in the light of the night."));
    }

    private static Finding Said(bool well, string camera, FormattableString seen, FormattableString cure) =>
        well ? new(Verdict.OK, camera, Words(seen)) : new(Verdict.Warning, camera, $"{Words(seen)}. {Words(cure)}");

    private static string Words(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);

    private static float Median(List<PlateAim> plates, Func<PlateAim, float> of)
    {
        var sorted = plates.Select(of).Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
