using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Movements;

/// <summary>Whether passages fit the part of a question that is about them: looked up once for each passage of an answer.</summary>
internal sealed class PassageFacts(IStoreReader store, MovementQuery query)
{
    private const int Most = 100;

    private readonly string pairing = PlateText.FoldPattern(query.Pairing);
    private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);

    /// <summary>How many passages had to be looked up.</summary>
    public int LookUps => known.Count;

    /// <summary>All that was recorded of a passage's searches.</summary>
    public static IReadOnlyList<StoredSearch> Searches(IStoreLookup store, string passage) => store.Range(StoredSearch.ByPassage, passage, passage, Most);

    /// <summary>True when the score of a passage lies where it was asked for.</summary>
    public static bool IsScored(StoredPassage passage, MovementQuery query) =>
        !(passage.Message.Score < query.MinScore) && !(passage.Message.Score > query.MaxScore);

    /// <summary>True when the sighting's passage fits. What the sighting itself says is not looked at.</summary>
    public bool Fit(StoredSighting sighting) => FitsPassage(sighting.Message.PassageId) && IsPaired(sighting);

    private bool FitsPassage(string passage)
    {
        if (query is { MinScore: null, MaxScore: null, Finding: null, Disposition: null })
        {
            return true;
        }

        if (!known.TryGetValue(passage, out var fits))
        {
            known[passage] = fits = (query is { MinScore: null, MaxScore: null } || (store.Get(StoredPassage.Table, passage) is { } scored && IsScored(scored, query)))
                && (query.Finding is null || Searches(store, passage).Any(s => s.Message.Finding == query.Finding))
                && (query.Disposition is null || StoredDisposition.Last(store, passage)?.Message.Outcome == query.Disposition);
        }

        return fits;
    }

    private bool IsPaired(StoredSighting sighting)
    {
        if (pairing.Length == 0)
        {
            return true;
        }

        var key = "|" + sighting.Id;
        if (!known.TryGetValue(key, out var paired))
        {
            known[key] = paired = store.Range(StoredSighting.ByPassage, sighting.Message.PassageId, sighting.Message.PassageId, Most)
                .Any(o => o.Vehicle != sighting.Vehicle && o.LaneKey == sighting.LaneKey && WatchlistPattern.Matches(pairing, o.Text));
        }

        return paired;
    }
}
