namespace Anpr.Models;

/// <summary>A model or table that cannot be used. The message is one line: which file, what is wrong, the cure.</summary>
public sealed class ModelException(string message, Exception? inner = null) : Exception(message, inner);
