namespace Anpr.Hub.Audit;

/// <summary>A code that reasons begin with.</summary>
/// <param name="Code">2-12 capital letters.</param>
/// <param name="Words">When it is used, and what its reference is the number of.</param>
public sealed record ReasonCode(string Code, string Words)
{
    /// <summary>Code of a look that an alert has led to.</summary>
    public const string Alert = "ALERT";

    /// <summary>
    /// The codes that forms offer. Others of the same shape are taken and logged as they are, because other services have codes of their
    /// own: whoever reads the log sees them stand out.
    /// </summary>
    public static IReadOnlyList<ReasonCode> Offered { get; } =
    [
        new("OP", "A planned operation: its number"),
        new("CRIME", "Investigation of a crime: its reference"),
        new("INTEL", "An intelligence report: its number"),
        new("SAFETY", "Danger to somebody's life: number of the incident"),
        new(Alert, "Follow-up of an alert of this hub: its id"),
        new("CHECK", "A supervisor's check of quality or conduct: number of the check"),
        new("DATA", "A data subject's request, or a court's: its reference"),
        new("TEST", "Trying out the system on simulated vehicles: the test's name"),
    ];
}
