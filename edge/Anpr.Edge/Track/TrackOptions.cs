namespace Anpr.Edge.Track;

/// <summary>How plates are followed from frame to frame and their reads put together.</summary>
public sealed record TrackOptions
{
    /// <summary>A track that was not seen for this long is over.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Farthest that a plate may be from where it is expected, in its own widths.</summary>
    public float MaxStepWidths { get; init; } = 3;

    /// <summary>Largest change of size between two frames, as a factor.</summary>
    public float MaxGrowth { get; init; } = 2;

    /// <summary>Shortest text that counts, characters.</summary>
    public int MinTextLength { get; init; } = 3;

    /// <summary>Reads kept for the vote, the weightiest ones.</summary>
    public int MaxReads { get; init; } = 32;
}
