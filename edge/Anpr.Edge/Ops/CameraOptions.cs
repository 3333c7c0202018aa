using System.ComponentModel.DataAnnotations;

namespace Anpr.Edge.Ops;

/// <summary>One camera of the list <c>Cameras</c>.</summary>
internal sealed record CameraOptions
{
    /// <summary>Its name on the lane: letters, digits, hyphens.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9-]{0,31}", ErrorMessage = "1 to 32 letters, digits and hyphens")]
    public string Name { get; init; } = "";

    /// <summary>rtsp:// or udp:// address, /dev/videoN, video file, or folder of pictures.</summary>
    [Required]
    public string Source { get; init; } = "";

    /// <summary>The end of the vehicle that it looks at.</summary>
    [AllowedValues("front", "rear", "unknown")]
    public string Side { get; init; } = "unknown";

    /// <summary>True when the source is a simulation; everything that comes of it is marked so.</summary>
    public bool Simulated { get; init; }

    /// <summary>Added to the capture times of a simulated source.</summary>
    [Range(typeof(TimeSpan), "-1.00:00:00", "1.00:00:00")]
    public TimeSpan ClockShift { get; init; }
}
