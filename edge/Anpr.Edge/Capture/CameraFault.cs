namespace Anpr.Edge.Capture;

/// <summary>What can be wrong with what a camera shows.</summary>
public enum CameraFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The same picture comes again and again.</summary>
    Frozen,

    /// <summary>Something hides nearly all of the view.</summary>
    Covered,

    /// <summary>It looks elsewhere.</summary>
    Moved,

    /// <summary>Its edges are far softer than they were.</summary>
    Defocused,
}

/// <summary>What is wrong with a camera.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Words">One line for engineers with the cure; empty when nothing is wrong.</param>
public sealed record CameraVerdict(CameraFault Fault, string Words)
{
    /// <summary>Nothing is wrong.</summary>
    public static CameraVerdict Well { get; } = new(CameraFault.None, "");
}
