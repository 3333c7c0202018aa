using Anpr.Edge.Capture;

namespace Anpr.Edge.Passage;

/// <summary>A passage whose vehicle is still there. Not thread-safe.</summary>
internal sealed class OpenPassage(Guid id, DateTimeOffset openedAt, OpenedBy openedBy, TimeQuality quality)
{
    private readonly Dictionary<string, DateTimeOffset> _plateSeen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cameras = new(StringComparer.Ordinal);
    private TimeQuality _quality = quality;
    private int _revision;
    private byte[] _still = [];
    private float _stillShare;

    /// <summary>Its id.</summary>
    public Guid Id => id;

    /// <summary>Capture time of its first frame.</summary>
    public DateTimeOffset OpenedAt { get; } = openedAt;

    /// <summary>What opened it.</summary>
    public OpenedBy OpenedBy => openedBy;

    /// <summary>Capture time at which something of the vehicle was last there.</summary>
    public DateTimeOffset LastSign { get; private set; } = openedAt;

    /// <summary>One a camera that has read its plate.</summary>
    public List<SightingBuilder> Sightings { get; } = [];

    /// <summary>A loop says that it stands on it.</summary>
    public bool OnLoop { get; set; }

    /// <summary>Another vehicle has come into its view since.</summary>
    public bool Followed { get; set; }

    /// <summary>True until its first record was handed on.</summary>
    public bool IsNew => _revision == 0;

    /// <summary>True when this camera has seen it.</summary>
    public bool SeenBy(string camera) => _cameras.Contains(camera);

    /// <summary>This camera's sighting; null when it has none.</summary>
    public SightingBuilder? SightingOf(string camera) => Sightings.Find(s => s.Camera == camera);

    /// <summary>True when this camera saw its plate within the last moments.</summary>
    public bool PlateInView(string camera, DateTimeOffset now) =>
        _plateSeen.TryGetValue(camera, out var seen) && now - seen <= TimeSpan.FromSeconds(0.7);

    /// <summary>Capture time at which this camera last saw its plate; null when never.</summary>
    public DateTimeOffset? PlateSeen(string camera) => _plateSeen.TryGetValue(camera, out var seen) ? seen : null;

    /// <summary>Something of it was there.</summary>
    public void Sign(DateTimeOffset time, TimeQuality trust, string? camera = null, bool plate = false)
    {
        LastSign = time > LastSign ? time : LastSign;
        _quality = trust;
        if (camera is null)
        {
            return;
        }

        _cameras.Add(camera);
        if (plate)
        {
            _plateSeen[camera] = time;
        }
    }

    /// <summary>Keeps a small still of a vehicle whose plate is not read, the one that shows most of it.</summary>
    public void Portray(float share, IFramePictures pictures)
    {
        if (Sightings.Exists(s => s.Settled) || share < 1.2f * _stillShare)
        {
            return;
        }

        _stillShare = share;
        _still = pictures.Still();
    }

    /// <summary>The next revision of its record.</summary>
    public PassageRecord Record(RecordStage stage)
    {
        var settled = Sightings.Where(s => s.Told).Select(s => s.Id).ToList();
        return new(
            id,
            ++_revision,
            stage,
            OpenedAt,
            stage == RecordStage.Closed ? LastSign : null,
            openedBy,
            settled,
            Sightings.Select(s => s.Direction).FirstOrDefault(d => d != Direction.Unknown),
            _quality,
            0,
            [],
            settled.Count > 0 ? ReadOnlyMemory<byte>.Empty : _still);
    }

    /// <summary>The stage of a record made while the vehicle is there.</summary>
    public RecordStage Stage => _revision == 0 ? RecordStage.Provisional : RecordStage.Revised;

    /// <summary>Its last records: each sighting's, then its own.</summary>
    public IEnumerable<PassageChange> Close(DateTimeOffset now)
    {
        var sightings = Sightings.Select(s => s.Close(now, _quality)).OfType<SightingRecord>().ToList();
        foreach (var sighting in sightings.SkipLast(1))
        {
            yield return new(Record(Stage), sighting);
        }

        yield return new(Record(RecordStage.Closed), sightings.LastOrDefault());
    }
}
