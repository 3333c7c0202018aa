using Anpr.Hub.Alerts;
using Anpr.Proto.V1;

namespace Anpr.Hub.Assess;

/// <summary>A vehicle that has gone without one plate that could be read. Pure.</summary>
public static class NoPlateRule
{
    private static readonly Hit Found = new(
        AlertCause.NoPlate, "", 3, "No plate read", new("A vehicle went through without a readable plate.", "Un véhicule est passé sans plaque lisible."));

    /// <summary>A hit for a closed passage without sightings; null else. An open one may still be read.</summary>
    public static Hit? Of(Passage passage) => passage.Stage == Stage.Closed && passage.SightingIds.Count == 0 ? Found : null;
}
