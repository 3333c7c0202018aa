namespace Anpr.Edge;

/// <summary>Something that the person at the terminal can mend: its message says what, where and the cure. Exit code 2.</summary>
internal sealed class UserError : Exception
{
    /// <summary>One line.</summary>
    public UserError(string message)
        : base(message)
    {
    }

    /// <summary>Several lines, one for each thing to mend.</summary>
    public UserError(IReadOnlyList<string> lines)
        : base(string.Join(Environment.NewLine, lines))
    {
    }

    /// <summary>One line, and what lies under it.</summary>
    public UserError(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
