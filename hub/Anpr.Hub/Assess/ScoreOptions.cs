using System.ComponentModel.DataAnnotations;

namespace Anpr.Hub.Assess;

/// <summary>What the score tells officers; section <c>score</c> of <c>hub.json</c> in the data folder.</summary>
public sealed class ScoreOptions
{
    /// <summary>Share of each port's passages that are told, 0.0001..0.2: as many as its officers can search.</summary>
    [Range(0.0001, 0.2)]
    public double Share { get; init; } = BudgetRule.DefaultShare;
}
