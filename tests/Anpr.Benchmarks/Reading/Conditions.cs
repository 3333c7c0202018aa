namespace Anpr.Benchmarks.Reading;

/// <summary>How hard a passage is meant to be.</summary>
internal enum Severity
{
    /// <summary>A lane that was set up as it should be, by day or with its own lamp.</summary>
    Ordinary,

    /// <summary>Dusk, rain, a dirty plate, a camera that was knocked.</summary>
    Hard,

    /// <summary>Several of them at once: many of these nobody can read.</summary>
    VeryHard,
}

/// <summary>
/// What stands between a plate and its reader in one passage, drawn once for all its views. The distribution was laid down before anything
/// was read with it and is not tuned to a figure. Each value is drawn by itself within the range of the passage's severity:
/// <code>
///                                            ordinary     hard        very hard
/// share of the passages                      65 %         25 %        10 %
/// width in the last view, px (by factor)     80 to 200    55 to 200   30 to 120
/// yaw, standard deviation, degrees           12           22          32          cut at 60; pitch 8 +- 5, roll +- 3 in all
/// radius of the defocused spot, px           0.3 to 0.9   0.6 to 1.9  1 to 3.5
/// way during the exposure, px                0 to 1.5     1 to 4      2 to 9
/// light, noon is 1 (by factor)               0.3 to 1.2   0.08 to 0.5 0.015 to 0.15
/// glare (a lamp, the sun), probability       3 %          20 %        35 %        0.2 to 1.5 of white at its middle
/// dirt, probability                          15 %         40 %        60 %
/// of the plate that it covers, %             0.5 to 3     2 to 12     8 to 40
/// JPEG, quality (half of the passages)       60 to 95     30 to 70    12 to 40
/// video, H.264's quantiser (the other half)  18 to 28     26 to 36    34 to 44
/// </code>
/// In all: 4 to 8 views, over which the plate grows by a factor of 1 to 2 (from 30 px at least); one passage in four is grey, as by
/// infra-red light.
/// </summary>
internal sealed record Conditions(
    Severity Severity,
    int Views,
    double FirstWidthPx,
    double LastWidthPx,
    double YawDegrees,
    double PitchDegrees,
    double RollDegrees,
    double DefocusPx,
    double MotionPx,
    double MotionDegrees,
    double Light,
    double Glare,
    double DirtShare,
    bool Grey,
    int? JpegQuality,
    int Quantiser)
{
    /// <summary>Narrowest plate of a passage that grows, pixels.</summary>
    public const double LeastWidthPx = 30;

    private sealed record Limits(
        double Share, (double Least, double Most) WidthPx, double Yaw, (double Least, double Most) Defocus, (double Least, double Most) Motion, (double Least, double Most) Light,
        double GlareChance, double DirtChance, (double Least, double Most) Dirt, (int Least, int Most) Jpeg, (int Least, int Most) Quantiser);

    private static readonly Limits[] Of =
    [
        new(0.65, (80, 200), 12, (0.3, 0.9), (0, 1.5), (0.3, 1.2), 0.03, 0.15, (0.005, 0.03), (60, 95), (18, 28)),
        new(0.25, (55, 200), 22, (0.6, 1.9), (1, 4), (0.08, 0.5), 0.20, 0.40, (0.02, 0.12), (30, 70), (26, 36)),
        new(0.10, (30, 120), 32, (1, 3.5), (2, 9), (0.015, 0.15), 0.35, 0.60, (0.08, 0.40), (12, 40), (34, 44)),
    ];

    /// <summary>Draws those of one passage.</summary>
    public static Conditions Draw(Random random)
    {
        var at = random.NextDouble();
        var severity = at < Of[0].Share ? Severity.Ordinary : at < Of[0].Share + Of[1].Share ? Severity.Hard : Severity.VeryHard;
        var limits = Of[(int)severity];
        var width = random.BetweenByFactor(limits.WidthPx.Least, limits.WidthPx.Most);
        return new(
            severity,
            random.Next(4, 9),
            Math.Max(LeastWidthPx, width / random.BetweenByFactor(1, 2)),
            width,
            Math.Clamp(random.Normal(limits.Yaw), -60, 60),
            8 + random.Normal(5),
            random.Normal(3),
            random.Between(limits.Defocus.Least, limits.Defocus.Most),
            random.Between(limits.Motion.Least, limits.Motion.Most),
            random.Between(0, 180),
            random.BetweenByFactor(limits.Light.Least, limits.Light.Most),
            random.Chance(limits.GlareChance) ? random.Between(0.2, 1.5) : 0,
            random.Chance(limits.DirtChance) ? random.Between(limits.Dirt.Least, limits.Dirt.Most) : 0,
            random.Chance(0.25),
            random.Chance(0.5) ? random.Next(limits.Jpeg.Least, limits.Jpeg.Most + 1) : null,
            random.Next(limits.Quantiser.Least, limits.Quantiser.Most + 1));
    }

    /// <summary>Width of the plate in a view, seen from before it, pixels; it grows evenly.</summary>
    public double WidthPx(int view) => FirstWidthPx * Math.Pow(LastWidthPx / FirstWidthPx, (double)view / (Views - 1));
}
