namespace Anpr.Edge.Capture;

/// <summary>How a source is opened.</summary>
public sealed record CaptureOptions
{
    /// <summary>The camera's name, put into every frame; the address itself when empty.</summary>
    public string Camera { get; init; } = "";

    /// <summary>Play files at their own speed and date their frames by the box clock, as if they were a camera.</summary>
    public bool RealTime { get; init; }

    /// <summary>Frames a second wanted, null for all; more than the source has gives what it has.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Frames a second that a folder of pictures stands for, when it is one stream.</summary>
    public double FolderFramesPerSecond { get; init; } = 5;

    /// <summary>What is black in every frame.</summary>
    public IReadOnlyList<Area> Private { get; init; } = [];

    /// <summary>True when the source is a simulation.</summary>
    public bool Simulated { get; init; }

    /// <summary>Added to every capture time of a simulated source.</summary>
    public TimeSpan ClockShift { get; init; }

    /// <summary>A live source without a frame for this long is lost and opened again.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First and longest wait before a lost live source is opened again.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <inheritdoc cref="FirstRetry"/>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>False: a live source that fails or ends throws or ends, as <c>read</c> wants it. True: it is opened again for ever.</summary>
    public bool Reconnect { get; init; }

    /// <summary>When a live source may leave out all but key pictures; null: never.</summary>
    public KeyPictures? Keys { get; init; }

    /// <summary>Told of every change of state, on the source's own thread.</summary>
    public Action<CaptureState>? OnState { get; init; }

    /// <summary>The clock of arrivals and retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>How a source is.</summary>
public enum CaptureStatus
{
    /// <summary>Frames come.</summary>
    Ready,

    /// <summary>No frames come; it is being opened again.</summary>
    Lost,

    /// <summary>It has ended: a file's last frame was delivered, or a live source that is not opened again broke off.</summary>
    Ended,
}

/// <summary>A change of a source's state.</summary>
/// <param name="Camera">Its name.</param>
/// <param name="Status">How it is now.</param>
/// <param name="Reason">One line with the cure; empty when ready, and when a file ended or the reading was stopped.</param>
public sealed record CaptureState(string Camera, CaptureStatus Status, string Reason);
