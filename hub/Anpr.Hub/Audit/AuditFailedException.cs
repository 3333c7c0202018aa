namespace Anpr.Hub.Audit;

/// <summary>The audit log cannot be written, so nothing may be shown: its disk is full or fails.</summary>
public sealed class AuditFailedException(string path, Exception cause)
    : IOException($"The hub cannot write its audit log ({cause.Message.Split('\n')[0].Trim().Replace($" : '{path}'", "", StringComparison.Ordinal).TrimEnd('.')}), and shows nothing that it cannot log. Make room on its disk or mend it, and try again.", cause);
