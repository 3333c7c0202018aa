namespace Anpr.Edge.Detect;

/// <summary>How plates are looked for.</summary>
public sealed record DetectOptions
{
    /// <summary>The weakest box that is used, 0..1; null takes the working point that the model carries.</summary>
    public float? MinScore { get; init; }

    /// <summary>Length of the longer side that a frame is scaled to, pixels, a multiple of 32, 320 to 1920.</summary>
    public int LongSidePx { get; init; } = 640;

    /// <summary>Narrower plates are not read, pixels of the source picture: below this no text has 2 pixels a stroke.</summary>
    public float MinWidthPx { get; init; } = 12;

    /// <summary>Boxes that overlap more than this (IoU) are one plate, 0..1.</summary>
    public float MaxOverlap { get; init; } = 0.5f;

    /// <summary>At most so many plates are taken from one frame, the best first.</summary>
    public int MaxPlates { get; init; } = 16;

    /// <summary>Threads of one inference, 1 or more.</summary>
    public int Threads { get; init; } = 1;
}
