using Anpr.Edge.Capture;

namespace Anpr.Benchmarks.Cameras;

/// <summary>One camera at some hour of the day: it gets to know its lane, then one fault of each kind comes, in any order, and is mended.</summary>
internal static class Episode
{
    private const double LearnSeconds = 90;
    private const double LooksPerSecond = 2;
    private const double OverWithin = 30;

    private static readonly CameraFault[] Kinds = [CameraFault.Frozen, CameraFault.Covered, CameraFault.Moved, CameraFault.Defocused];

    /// <summary>Runs it; the seed decides everything but the lane.</summary>
    public static Findings Run(PaintedLane lane, int seed)
    {
        var random = new Random(seed);
        using var camera = new CameraRun(lane, seed, random.NextDouble() * 23.5 * 3600, LooksPerSecond);
        var (trials, alarms, well) = (new List<Trial>(), new List<FalseAlarm>(), 0.0);
        void Well(double seconds)
        {
            for (var until = camera.Now + seconds; camera.Now < until;)
            {
                if (camera.Look() is { Fault: not CameraFault.None } told)
                {
                    alarms.Add(new(told.Fault, camera.Now / 3600, "between faults"));
                    UntilWell(camera);
                }
            }

            well += seconds;
        }

        Well(LearnSeconds);
        foreach (var kind in Kinds.OrderBy(_ => random.Next()))
        {
            Well(10 + random.Next(20));
            using var fault = new Fault(kind, random);
            trials.Add(Break(camera, fault) with { OverAfterSeconds = UntilWell(camera) });
        }

        return new(trials, alarms, well);
    }

    /// <summary>Lays the fault over the picture until it is told as what it is, or time is over.</summary>
    private static Trial Break(CameraRun camera, Fault fault)
    {
        var (began, told, after) = (camera.Now, CameraFault.None, 0.0);
        while (camera.Now - began <= Trial.Wanted + 2 && told != fault.Kind)
        {
            if (camera.Look(fault).Fault is not CameraFault.None and var now)
            {
                (told, after) = (now, camera.Now - began);
            }
        }

        return new(fault.Kind, fault.Words, told, after, Encoded: false, null);
    }

    private static double? UntilWell(CameraRun camera)
    {
        for (var began = camera.Now; camera.Now - began < OverWithin;)
        {
            if (camera.Look().Fault == CameraFault.None)
            {
                return camera.Now - began;
            }
        }

        return null;
    }
}
