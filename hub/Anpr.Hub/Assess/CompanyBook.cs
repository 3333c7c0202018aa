using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Assess;

/// <summary>A vehicle that another one travels with.</summary>
/// <param name="Vehicle">The companion.</param>
/// <param name="Found">How often, against how often by chance.</param>
public sealed record Company(Vehicle Vehicle, Companion Found);

/// <summary>A tractor or trailer that was coupled with another vehicle.</summary>
/// <param name="Vehicle">The partner.</param>
/// <param name="Passages">In how many passages.</param>
/// <param name="First">First of them.</param>
/// <param name="Last">Last of them.</param>
public sealed record Pairing(Vehicle Vehicle, int Passages, DateTimeOffset First, DateTimeOffset Last);

/// <summary>Whom a vehicle is seen with. It asks for no reason and keeps no log: its callers do, before they ask.</summary>
public sealed class CompanyBook(IStoreReader store, TimeProvider time)
{
    /// <summary>How far back it looks.</summary>
    public static readonly TimeSpan Back = TimeSpan.FromDays(60);

    private const int MostSightings = 400;
    private const int MostBeside = 2000;
    private static readonly TimeSpan Beside = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Stay = TimeSpan.FromHours(6);

    // A share of all traffic changes little meanwhile, and a large table takes long to count.
    private static readonly TimeSpan Counted = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private (DateTimeOffset At, double Sightings)? counted;

    /// <summary>Vehicles that came with it more often than the traffic explains; its own trailers and tractors are none.</summary>
    public IReadOnlyList<Company> CompanyOf(string vehicle)
    {
        var since = time.GetUtcNow() - Back;
        var all = AllSince(since);
        var partners = PairingsOf(vehicle).Select(p => p.Vehicle.Id).Append(vehicle).ToHashSet(StringComparer.Ordinal);
        var stays = Stays(vehicle, since).Select(s =>
        {
            var beside = store.Range(StoredSighting.ByTime, Keys.Time(s.CapturedAt - Beside), Keys.Time(s.CapturedAt + Beside), MostBeside).Where(o => o.Port == s.Port).ToList();
            return new Stay(beside.Select(o => o.Vehicle).Where(v => !partners.Contains(v)).ToHashSet(StringComparer.Ordinal), beside.Count / all);
        }).ToList();
        return
        [
            .. CompanyKept.Of(stays, other => Stays(other, since).Count)
                .Select(c => (Vehicle: store.Get(Vehicle.Table, c.Vehicle), Found: c))
                .Where(c => c.Vehicle is not null).Select(c => new Company(c.Vehicle!, c.Found)),
        ];
    }

    /// <summary>Vehicles whose plates were on the other side of its passages, those seen last first. A trailer that repeats its tractor's plate is none.</summary>
    public IReadOnlyList<Pairing> PairingsOf(string vehicle) =>
    [
        .. Sightings(vehicle, time.GetUtcNow() - Back)
            .SelectMany(s => store.Range(StoredSighting.ByPassage, s.Message.PassageId, s.Message.PassageId, 20).Where(o => o.Vehicle != vehicle && o.LaneKey == s.LaneKey && !Coupled.AreOnePlate(o.Text, s.Text)))
            .GroupBy(o => o.Vehicle, StringComparer.Ordinal)
            .Select(g => (Partner: store.Get(Vehicle.Table, g.Key), Seen: g.ToList()))
            .Where(g => g.Partner is not null)
            .Select(g => new Pairing(g.Partner!, g.Seen.DistinctBy(s => s.Message.PassageId, StringComparer.Ordinal).Count(), g.Seen.Min(s => s.CapturedAt), g.Seen.Max(s => s.CapturedAt)))
            .OrderByDescending(p => p.Last),
    ];

    /// <summary>What happened to its pairing as a towing vehicle, newest first.</summary>
    public IReadOnlyList<PairingFact> HistoryOf(string vehicle) =>
    [
        .. PairingHistory.Of(Sightings(vehicle, time.GetUtcNow() - Back).Where(s => s.Message.Side == Proto.V1.Side.Front)
            .DistinctBy(s => s.Message.PassageId, StringComparer.Ordinal).Select(s => Coupled.In(store, s))).Reverse(),
    ];

    /// <summary>Sightings of a vehicle, each the last of its stay at a port.</summary>
    /// <param name="sightings">In the order of their time.</param>
    internal static List<StoredSighting> StaysOf(IEnumerable<StoredSighting> sightings)
    {
        var stays = new List<StoredSighting>();
        foreach (var sighting in sightings)
        {
            if (stays.Count > 0 && stays[^1].Port == sighting.Port && sighting.CapturedAt - stays[^1].CapturedAt < Stay)
            {
                stays[^1] = sighting;
            }
            else
            {
                stays.Add(sighting);
            }
        }

        return stays;
    }

    private double AllSince(DateTimeOffset since)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (counted is not { } known || now - known.At > Counted)
            {
                counted = known = (now, Math.Max(1, Since(since)));
            }

            return known.Sightings;
        }
    }

    // Sightings since then: all of them, or that share of them that the time has of the store's.
    private double Since(DateTimeOffset since)
    {
        var all = store.Count(StoredSighting.Table);
        return store.Range(StoredSighting.ByTime, "0", Keys.Last.ToString(), 1) is [var oldest] && oldest.CapturedAt < since
            ? all * (Back / (time.GetUtcNow() - oldest.CapturedAt))
            : all;
    }

    private List<StoredSighting> Stays(string vehicle, DateTimeOffset since) => StaysOf(Sightings(vehicle, since));

    private IEnumerable<StoredSighting> Sightings(string vehicle, DateTimeOffset since) =>
        store.Range(StoredSighting.ByVehicle, Keys.Join(vehicle, Keys.Time(since)), Keys.Join(vehicle, Keys.Last.ToString()), MostSightings, newestFirst: true).Reverse();
}
