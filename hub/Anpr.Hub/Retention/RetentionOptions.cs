using System.ComponentModel.DataAnnotations;

namespace Anpr.Hub.Retention;

/// <summary>How long each kind of record is kept, in days; section <c>retention</c> of <c>hub.json</c> in the data folder.</summary>
public sealed class RetentionOptions : IValidatableObject
{
    /// <summary>Passages with their sightings, pictures, alerts, searches and dispositions, from the capture on: 1..1830.</summary>
    [Range(1, 1830)]
    public int SightingsDays { get; init; } = 365;

    /// <summary>Overviews of passages without a hit, from their receipt on: 0..366, and no longer than sightings. Those with a hit go with their sighting.</summary>
    [Range(0, 366)]
    public int OverviewsDays { get; init; } = 7;

    /// <summary>Messages that were put aside or refused, from their receipt on: 1..366.</summary>
    [Range(1, 366)]
    public int QuarantineDays { get; init; } = 30;

    /// <summary>Who, about what and why in the audit log: 365..7305. That there was an entry, of which kind and when, stays.</summary>
    [Range(365, 7305)]
    public int AuditDays { get; init; } = 2192;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OverviewsDays > SightingsDays)
        {
            yield return new ValidationResult($"overviews_days {OverviewsDays} is longer than sightings_days {SightingsDays}: a picture cannot be kept longer than what it shows.", [nameof(OverviewsDays)]);
        }
    }
}
