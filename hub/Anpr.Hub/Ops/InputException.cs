namespace Anpr.Hub.Ops;

/// <summary>Something that the user gave cannot be used. Its message is one line: what, where, the cure. Exit code 2.</summary>
public class InputException(string message, Exception? inner = null) : Exception(message, inner);
