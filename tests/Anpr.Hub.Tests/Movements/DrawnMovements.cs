using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Tests.Movements;

/// <summary>Movements drawn by a seed, put straight into a store: few plates, lanes and times, so that much coincides.</summary>
internal sealed class DrawnMovements
{
    public static readonly DateTimeOffset Begin = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] Plates = ["AB12CDE", "AB12CDF", "A812CDE", "XY34ZZZ", "WGM4821K", "1ABC234"];
    private static readonly string[] Countries = ["GB", "FR", ""];
    private readonly Random random;

    private DrawnMovements(int seed) => random = new Random(seed);

    public List<StoredSighting> Sightings { get; } = [];

    public Dictionary<string, StoredPassage> Passages { get; } = new(StringComparer.Ordinal);

    public List<StoredSearch> Searches { get; } = [];

    public List<StoredDisposition> Dispositions { get; } = [];

    public static async Task<DrawnMovements> PutAsync(IStore store, int seed, int passages)
    {
        var drawn = new DrawnMovements(seed);
        for (var i = 0; i < passages; i++)
        {
            drawn.Draw();
        }

        await store.WriteAsync(writer =>
        {
            drawn.Sightings.ForEach(s => writer.Put(StoredSighting.Table, s));
            drawn.Passages.Values.ToList().ForEach(p => writer.Put(StoredPassage.Table, p));
            drawn.Searches.ForEach(s => writer.Put(StoredSearch.Table, s));
            drawn.Dispositions.ForEach(d => writer.Put(StoredDisposition.Table, d));
            foreach (var vehicle in drawn.Sightings.GroupBy(s => s.Vehicle, StringComparer.Ordinal))
            {
                VehicleBook.Put(writer, vehicle.Skip(1).Aggregate(Vehicle.Of(vehicle.First(), PlateEvidence.Of(vehicle.First().Message)), (v, s) => v.With(s, PlateEvidence.Of(s.Message))), before: null);
            }

            return true;
        });
        return drawn;
    }

    /// <summary>What answers a question, by its plain words; in no order.</summary>
    public IEnumerable<string> Answer(MovementQuery q) => Sightings.Where(s => Fits(q, s)).Select(s => s.Id);

    private bool Fits(MovementQuery q, StoredSighting s)
    {
        var passage = s.Message.PassageId;
        var score = Passages.GetValueOrDefault(passage)?.Message.Score;
        return s.CapturedAt >= q.From && s.CapturedAt <= q.To
            && (q.Plate.Length == 0 || WatchlistPattern.Matches(q.Pattern, s.Text))
            && (q.Ports.Count == 0 || q.Ports.Contains(s.Port)) && (q.Lanes.Count == 0 || q.Lanes.Contains(s.Lane) || q.Lanes.Contains(s.LaneKey))
            && (q.Vehicle.Length == 0 || s.Vehicle == q.Vehicle) && (q.Country.Length == 0 || s.Message.Country == q.Country)
            && (q.MinScore is null || score >= q.MinScore) && (q.MaxScore is null || score <= q.MaxScore)
            && (q.Finding is null || Searches.Any(x => x.Message.PassageId == passage && x.Message.Finding == q.Finding))
            && (q.Disposition is null || Dispositions.Where(d => d.Message.PassageId == passage).MaxBy(d => d.Message.At.ToDateTimeOffset())?.Message.Outcome == q.Disposition)
            && (q.Pairing.Length == 0 || Sightings.Any(o => o.Message.PassageId == passage && o.LaneKey == s.LaneKey && o.Vehicle != s.Vehicle && WatchlistPattern.Matches(q.Pairing, o.Text)));
    }

    private void Draw()
    {
        var (port, lane) = random.Next(3) switch { 0 => ("calais", "calais-1"), 1 => ("calais", "calais-2"), _ => ("dunkerque", "dunkerque-1") };
        var id = Id();
        var at = Begin.AddSeconds(random.Next(40) * 30);
        foreach (var text in random.GetItems(Plates, random.Next(1, 3)).Distinct(StringComparer.Ordinal))
        {
            Sightings.Add(Sighting(text, id, port, lane, at.AddSeconds(random.Next(3) - 1), $"vehicle-{text[..2]}"));
        }

        if (random.Next(4) > 0)
        {
            Passages[id] = new StoredPassage(id, port, lane, new Passage { Id = id, Revision = 1, OpenedAt = at.ToTimestamp(), Score = random.Next(10) / 10.0 }, "", at, false);
        }

        for (var searches = random.Next(3); searches > 0; searches--)
        {
            var search = new Search { Id = Id(), PassageId = id, Revision = 1, Finding = (Search.Types.Finding)random.Next(1, 4), StartedAt = at.AddSeconds(60 * random.Next(3)).ToTimestamp() };
            Searches.Add(new StoredSearch(search, port));
        }

        for (var decisions = random.Next(3); decisions > 0; decisions--)
        {
            var decided = at.AddMinutes(decisions);
            Dispositions.Add(new StoredDisposition(new Disposition { Id = Id(), PassageId = id, Revision = 1, Outcome = (Disposition.Types.Outcome)random.Next(1, 4), At = decided.ToTimestamp() }));
        }
    }

    public StoredSighting Sighting(string text, string passage, string port, string lane, DateTimeOffset at, string vehicle)
    {
        var id = Id();
        var message = new Sighting { Id = id, Revision = 1, PassageId = passage, CapturedAt = at.ToTimestamp(), Text = text, Country = Countries[random.Next(3)], Confidence = 0.9f };
        message.Characters.AddRange(text.Select(c => new Character { C = c.ToString(), P = 0.97f }));
        return new StoredSighting(id, port, lane, message, "", at, false, vehicle, 1, []);
    }

    // No clock in it: the order of ids must not be the order of times.
    private string Id()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
