namespace Anpr.Edge.Capture;

/// <summary>A source that cannot be read, or not to its end. The message is one line: what, where, the cure.</summary>
public sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner);
