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

    /// <summary>Areas in which plates count, as polygons in shares of the picture (<see cref="Capture.Area"/>); none: everywhere.</summary>
    [Areas]
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Areas in which plates do not count: a time burnt into the picture, a sign, the next lane.</summary>
    [Areas]
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>Areas that are black in every picture: frames, crops, overviews, stills.</summary>
    [Areas]
    public IReadOnlyList<string> Private { get; init; } = [];

    /// <summary>True when the source is a simulation; everything that comes of it is marked so.</summary>
    public bool Simulated { get; init; }

    /// <summary>Added to the capture times of a simulated source.</summary>
    [Range(typeof(TimeSpan), "-1.00:00:00", "1.00:00:00")]
    public TimeSpan ClockShift { get; init; }

    /// <summary>Areas out of their text, which was checked when the options were read.</summary>
    public static IReadOnlyList<Capture.Area> Areas(IReadOnlyList<string> texts) => [.. texts.Select(text => Capture.Area.TryParse(text, out var area) ? area : throw new ArgumentException($"'{text}' is no area", nameof(texts)))];
}
