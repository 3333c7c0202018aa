using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Movements;

/// <summary>The pictures of a sighting's newest revision: a picture is only ever shown under the plate that was read from it.</summary>
public sealed class SightingPictures(IStore store)
{
    /// <summary>The plate's crop as JPEG; null when there is none.</summary>
    public byte[]? Patch(string sighting) => store.Get(StoredSighting.Table, sighting) is { } found ? store.Picture(found.Patch) : null;

    /// <summary>The winning frame as JPEG; null until it has arrived.</summary>
    public byte[]? Overview(string sighting) => store.Get(StoredSighting.Table, sighting) is { } found ? store.Picture(found.Overview) : null;
}
