using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Proto.V1;

namespace Anpr.Benchmarks.Link;

/// <summary>How many alerts a day the rules on pairings and company would raise on linked traffic in which no trailer is changed within a visit.</summary>
internal static class RuleTally
{
    private static readonly TimeSpan Visit = TimeSpan.FromHours(6);

    /// <summary>In one line.</summary>
    public static string Of(MemoryStore store, IReadOnlyList<SeenPlate> seen, int days)
    {
        var sightings = seen.Select(s => store.Get(StoredSighting.Table, s.Row.Id)!).ToList();
        var coupled = 0;
        var changes = 0;
        foreach (var front in sightings.Where(s => s.Message.Side == Side.Front))
        {
            if (Coupled.In(store, front) is { Rear: not null } now && Coupled.Before(store, front, Visit) is { } before)
            {
                coupled++;
                changes += PairingRule.Of(before, now) is null ? 0 : 1;
            }
        }

        var (end, told, pairs, apart) = (sightings[^1].CapturedAt, new HashSet<string>(StringComparer.Ordinal), 0, 0);
        var book = new CompanyBook(store, new Clock(end));
        foreach (var vehicle in sightings.GroupBy(s => s.Vehicle, StringComparer.Ordinal).Where(g => g.Count() >= CompanyRule.Least))
        {
            var found = book.CompanyOf(vehicle.Key);
            pairs += found.Count;
            if (CompanyRule.Of(store.Get(Vehicle.Table, vehicle.Key)!.Text, [.. found.Select(c => (c.Vehicle, c.Found))]) is { } hit && told.Add(string.CompareOrdinal(vehicle.Key, hit.About) < 0 ? vehicle.Key + hit.About : hit.About + vehicle.Key))
            {
                apart++;
            }
        }

        return FormattableString.Invariant(
            $"{seen.Count} sightings in {days} days; pairing change: {(double)changes / days:0.00} a day of {coupled / days} coupled passages; company: {pairs / days} a day beyond chance, {(double)apart / days:0.00} a day to be told, {CompanyRule.PerDay} a day at most");
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
