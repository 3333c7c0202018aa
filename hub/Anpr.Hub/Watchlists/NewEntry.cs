using Anpr.Hub.Audit;
using Anpr.Models.Plates;

namespace Anpr.Hub.Watchlists;

/// <summary>A field that cannot be used.</summary>
/// <param name="Field">As the API and CSV name it.</param>
/// <param name="Why">What is wrong, and the cure.</param>
public sealed record FieldFault(string Field, string Why);

/// <summary>An entry that was asked for and cannot be kept; the message says each field and its cure.</summary>
public sealed class ListEntryException(IReadOnlyList<FieldFault> faults) : Exception(string.Join("; ", faults.Select(f => $"{f.Field}: {f.Why}")))
{
    /// <summary>One for each field that cannot be used.</summary>
    public IReadOnlyList<FieldFault> Faults => faults;
}

/// <summary>A vehicle of interest to be added.</summary>
/// <param name="Pattern">Registration or pattern as typed; it is folded.</param>
/// <param name="Kind">How it is compared.</param>
/// <param name="Priority">1 highest .. 3 lowest.</param>
/// <param name="Display">What officers and lanes show, 1..40 characters.</param>
/// <param name="Reason">Why it is listed, CODE:REF.</param>
/// <param name="Owner">User who answers for it.</param>
/// <param name="ExpiresAt">Within the next year.</param>
/// <param name="Covert">Shown to its owner only.</param>
public sealed record NewEntry(
    string Pattern, ListedKind Kind, int Priority, string Display, string Reason, string Owner, DateTimeOffset ExpiresAt, bool Covert = false)
{
    private const int DisplayLimit = 40;

    private const double LeastAllowed = 0.01;
    private const double MostAllowed = 0.9;

    /// <summary>Ports that look for it; empty for all.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Of a fuzzy entry: the least probability that a plate is the listed one, 0.01..0.9; null for the usual.</summary>
    public double? Least { get; init; }

    // Fewer known characters than this would match a good part of all traffic.
    private const int LeastKnown = 3;

    /// <summary>As it is kept from now on.</summary>
    /// <param name="id">UUIDv7.</param>
    /// <param name="now">Hub clock.</param>
    internal ListEntry ToEntry(string id, DateTimeOffset now) =>
        new(id, Pattern, Kind, Priority, Display, Reason, Owner, Covert, now, ExpiresAt, false, 0) { Ports = Ports, Least = Least };

    /// <summary>The entry as it was, with what is asked now.</summary>
    internal ListEntry Changing(ListEntry old) => old with
    {
        Pattern = Pattern,
        Kind = Kind,
        Priority = Priority,
        Display = Display,
        Reason = Reason,
        Owner = Owner,
        Covert = Covert,
        ExpiresAt = ExpiresAt,
        Ports = Ports,
        Least = Least,
    };

    /// <summary>The entry with its pattern folded.</summary>
    /// <exception cref="ListEntryException">A field cannot be used; all faults are in its message.</exception>
    internal NewEntry Checked(DateTimeOffset now)
    {
        var pattern = PlateText.FoldPattern(Pattern);
        var wild = pattern.AsSpan().IndexOfAny('*', '?') >= 0;
        var known = pattern.Count(char.IsAsciiLetterOrDigit);
        List<FieldFault> faults = [];
        Check("pattern", known < LeastKnown, $"'{Pattern}': give at least {LeastKnown} letters or digits");
        Check("pattern", pattern.Length > 16, $"'{Pattern}': 16 characters at most");
        Check("pattern", wild && Kind != ListedKind.Wildcard, $"'{Pattern}': ? and * need the kind wildcard");
        Check("priority", Priority is < 1 or > 3, $"{Priority}: 1 (highest) to 3");
        Check("display", Display.Trim().Length is 0 or > DisplayLimit, $"1 to {DisplayLimit} characters");
        Check("reason", !LookReason.TryParse(Reason, out var reason), LookReason.Cure);
        Check("owner", Owner.Trim().Length == 0, "name the user who answers for it");
        Check("expires_at", ExpiresAt <= now || ExpiresAt > now.AddDays(366), $"{ExpiresAt:u}: a time within the next year");
        Check("least_probability", Least is not null && Kind != ListedKind.Fuzzy, "only a fuzzy entry has one");
        Check("least_probability", Least is not null and not (>= LeastAllowed and <= MostAllowed), $"{Least}: {LeastAllowed} to {MostAllowed}");
        foreach (var port in Ports.Where(p => !Access.Ports.All.Contains(p, StringComparer.Ordinal)))
        {
            Check("ports", fault: true, $"there is no port '{port}'. Ports are {string.Join(", ", Access.Ports.All)}; none means all");
        }

        return faults.Count == 0
            ? this with { Pattern = pattern, Display = Display.Trim(), Reason = reason!.ToString(), Ports = [.. Ports.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] }
            : throw new ListEntryException(faults);

        void Check(string field, bool fault, string words)
        {
            if (fault)
            {
                faults.Add(new(field, words));
            }
        }
    }
}
