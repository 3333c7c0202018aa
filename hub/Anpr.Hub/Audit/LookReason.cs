using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Anpr.Hub.Audit;

/// <summary>Why somebody looks: a code and the reference that it can be checked against, written CODE:REF.</summary>
/// <param name="Code">2-12 capital letters, such as OP or CRIME.</param>
/// <param name="Reference">1-60 characters: the number of the operation, case or incident.</param>
public sealed partial record LookReason(string Code, string Reference)
{
    /// <summary>What to say to somebody who gave none.</summary>
    public const string Cure = "A reason is needed, written CODE:REF (for example OP:2026-114): 2 to 12 capital letters, a colon, and the number of the operation, case or incident.";

    /// <summary>Reads CODE:REF; false when it is missing or in another shape.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out LookReason? reason)
    {
        var match = Shape().Match(text?.Trim() ?? "");
        reason = match.Success ? new LookReason(match.Groups["code"].Value, match.Groups["ref"].Value) : null;
        return match.Success;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Code}:{Reference}";

    [GeneratedRegex(@"^(?<code>[A-Z]{2,12}):(?<ref>[\p{L}\p{Nd}][\p{L}\p{Nd} ./_-]{0,59})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Shape();
}
