using System.ComponentModel.DataAnnotations;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;
using Anpr.Edge.Read;

namespace Anpr.Edge.Ops;

/// <summary>Section <c>Vision</c>: what a site may set of the stages that look at pictures.</summary>
internal sealed record VisionSection
{
    /// <summary>Frames a second of each camera that are looked at; more are skipped.</summary>
    [Range(1.0, 60.0)]
    public double FramesPerSecond { get; init; } = 12;

    /// <summary>Length of the longer side that a frame is scaled to for the detector, pixels.</summary>
    [AllowedValues(320, 480, 640, 800, 960, 1280, 1600, 1920)]
    public int LongSidePx { get; init; } = new DetectOptions().LongSidePx;

    /// <summary>Threads of one inference.</summary>
    [Range(1, 16)]
    public int Threads { get; init; } = 1;

    /// <summary>Nothing of the vehicle was there for this long: it has gone.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:01:00")]
    public TimeSpan GoneAfter { get; init; } = new PassageOptions().GoneAfter;

    /// <summary>The lane was empty and nothing in view changed for this long: its live cameras are asked for key pictures alone, until something does; null: never.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan? IdleAfter { get; init; }

    /// <summary>The options of the stages.</summary>
    public VisionOptions ToOptions(IReadOnlyCollection<CameraOptions> cameras) => new()
    {
        Detect = new DetectOptions { LongSidePx = LongSidePx, Threads = Threads },
        Read = new ReadOptions { Threads = Threads },
        Passage = new PassageOptions { GoneAfter = GoneAfter },
        Sides = cameras.ToDictionary(
            c => c.Name,
            c => c.Side switch { "front" => Side.Front, "rear" => Side.Rear, _ => Side.Unknown },
            StringComparer.Ordinal),
        Areas = cameras.Where(c => c.Regions.Count + c.Excluded.Count > 0).ToDictionary(
            c => c.Name,
            c => new PlateAreas(CameraOptions.Areas(c.Regions), CameraOptions.Areas(c.Excluded)),
            StringComparer.Ordinal),
    };
}
