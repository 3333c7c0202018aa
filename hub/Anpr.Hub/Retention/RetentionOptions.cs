using System.ComponentModel.DataAnnotations;
using Anpr.Hub.Ops;
using Microsoft.Extensions.Options;

namespace Anpr.Hub.Retention;

/// <summary>How long each kind of record is kept, in days; section <c>Retention</c> of <c>hub.json</c> in the data folder.</summary>
public sealed class RetentionOptions : IValidatableObject
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "hub.json";

    /// <summary>Name of the section.</summary>
    public const string Section = "Retention";

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
            yield return new ValidationResult($"OverviewsDays {OverviewsDays} is longer than SightingsDays {SightingsDays}: a picture cannot be kept longer than what it shows.", [nameof(OverviewsDays)]);
        }
    }

    /// <summary>Adds the file of a data folder to what options are read from.</summary>
    /// <exception cref="InputException">It is no JSON.</exception>
    internal static void AddFile(IConfigurationBuilder configuration, string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            configuration.AddJsonFile(path, optional: true);
        }
        catch (InvalidDataException error)
        {
            throw new InputException($"{path} cannot be read ({error.InnerException?.Message.TrimEnd('.') ?? error.Message}). Mend it, or take it away: then the periods are those of docs/retention.md.", error);
        }
    }

    /// <summary>Reads them, so that what is wrong is said at the start.</summary>
    /// <exception cref="InputException">A key is unknown, or a value is out of its range.</exception>
    internal static void Check(IServiceProvider services, string folder)
    {
        try
        {
            _ = services.GetRequiredService<IOptions<RetentionOptions>>().Value;
        }
        catch (Exception error) when (error is OptionsValidationException or InvalidOperationException)
        {
            throw new InputException($"{Path.Combine(folder, FileName)}, {Section}: {(error is OptionsValidationException wrong ? string.Join(" ", wrong.Failures) : error.Message)} (docs/retention.md)", error);
        }
    }
}
