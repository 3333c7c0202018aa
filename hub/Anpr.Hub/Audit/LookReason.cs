using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Audit;

/// <summary>Why somebody looks: a code and the reference that it can be checked against, written CODE:REF.</summary>
/// <param name="Code">2-12 capital letters, such as OP or CRIME.</param>
/// <param name="Reference">1-60 characters: the number of the operation, case or incident.</param>
/// <param name="Text">More words for whoever reads the log, at most <see cref="LongestText"/> characters; empty when none were given.</param>
public sealed partial record LookReason(string Code, string Reference, string Text = "")
{
    /// <summary>Most characters of <see cref="Text"/>.</summary>
    public const int LongestText = 200;

    /// <summary>What to say to somebody who gave none.</summary>
    public const string Cure = "A reason is needed, written CODE:REF (for example OP:2026-114): 2 to 12 capital letters, a colon, and the number of the operation, case or incident.";

    /// <summary>Reads CODE:REF; false when it is missing or in another shape.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out LookReason? reason)
    {
        var match = Shape().Match(text?.Trim() ?? "");
        reason = match.Success ? new LookReason(match.Groups["code"].Value, match.Groups["ref"].Value) : null;
        return match.Success;
    }

    /// <summary>Reads a reason with the words beside it.</summary>
    /// <exception cref="InputException">The reason is missing or in another shape, or the words are too long.</exception>
    public static LookReason Read(string? reason, string? text)
    {
        if (!TryParse(reason, out var parsed))
        {
            throw new InputException(Cure);
        }

        var words = string.Concat((text ?? "").Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return words.Length <= LongestText
            ? parsed with { Text = words }
            : throw new InputException($"The reason's text has {words.Length} characters. Keep it to {LongestText}; what is longer belongs into the case that the reference names.");
    }

    /// <summary>As the audit log keeps it: CODE:REF, and the words in quotes when there are any.</summary>
    public string Logged => Text.Length == 0 ? ToString() : $"{this} \"{Text}\"";

    /// <inheritdoc/>
    public override string ToString() => $"{Code}:{Reference}";

    [GeneratedRegex(@"^(?<code>[A-Z]{2,12}):(?<ref>[\p{L}\p{Nd}][\p{L}\p{Nd} ./_-]{0,59})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Shape();
}
