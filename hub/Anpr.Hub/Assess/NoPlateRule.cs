using Anpr.Proto.V1;

namespace Anpr.Hub.Assess;

/// <summary>A vehicle that has gone without one plate that could be read. Pure.</summary>
public static class NoPlateRule
{
    /// <summary>True for a closed passage without sightings. An open one may still be read.</summary>
    public static bool Applies(Passage passage) => passage.Stage == Stage.Closed && passage.SightingIds.Count == 0;
}
