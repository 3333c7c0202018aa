using Anpr.Hub.Alerts;
using Anpr.Proto.V1;

namespace Anpr.Hub.Assess;

/// <summary>Signs of danger to life that the lane's sensors saw. Outside every budget, and before everything else. Pure.</summary>
public static class DangerRule
{
    /// <summary>One hit for each kind of danger.</summary>
    public static IEnumerable<Hit> Of(Passage passage) => passage.Dangers.DistinctBy(d => d.Kind, StringComparer.Ordinal)
        .Select(d => new Hit(AlertCause.Danger, d.Kind, 0, "Danger to life", new Words(d.Words, d.WordsFr.Length > 0 ? d.WordsFr : d.Words)));
}
