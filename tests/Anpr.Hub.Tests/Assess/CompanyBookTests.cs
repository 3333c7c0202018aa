using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Link;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Movements;

/// <summary>Whom a vehicle is seen with, out of a real store.</summary>
public sealed class CompanyBookTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder folder = new();
    private LiteStore store = null!;

    public async ValueTask InitializeAsync()
    {
        store = LiteStore.Open(folder.Path, HubFeatures.Tables);
        await store.WriteAsync(writer =>
        {
            var random = new Random(1);
            for (var day = 1; day <= 8; day++)
            {
                var at = Now.AddDays(-5 * day);
                var passage = Guid.NewGuid().ToString();
                Put(writer, "tractor", at, passage);
                Put(writer, day < 4 ? "new trailer" : "old trailer", at, passage);
                Put(writer, "friend", at.AddMinutes(2), Guid.NewGuid().ToString());
                for (var other = 0; other < 20; other++)
                {
                    Put(writer, $"v{random.Next(600)}", at.AddMinutes((random.NextDouble() * 8) - 4), Guid.NewGuid().ToString());
                }

                for (var other = 0; other < 300; other++)
                {
                    Put(writer, $"v{random.Next(600)}", at.AddHours(1 + (random.NextDouble() * 80)), Guid.NewGuid().ToString());
                }
            }

            return true;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public void Company_OfTwoThatComeTogether_IsFoundAmongTheQueue()
    {
        var company = Assert.Single(Book.CompanyOf("tractor"));

        Assert.Equal(("friend", 8), (company.Vehicle.Id, company.Found.Together));
        Assert.InRange(company.Found.Chance, 0, 1e-4);
    }

    [Fact]
    public void Pairings_AreTheOtherPlatesOfItsPassages_SeenLastFirst()
    {
        var pairings = Book.PairingsOf("tractor");

        Assert.Equal([("new trailer", 3), ("old trailer", 5)], pairings.Select(p => (p.Vehicle.Id, p.Passages)));
        Assert.Equal(Now.AddDays(-15), pairings[0].First);
        Assert.Equal(["tractor"], Book.PairingsOf("old trailer").Select(p => p.Vehicle.Id));
    }

    /// <summary>Months were read while it was revised, joined to another vehicle, or erased: nothing is told of what no longer stands, and no budget spent.</summary>
    [Fact]
    public async Task Company_OfASightingThatIsGone_IsNotTold()
    {
        await AddTrafficAsync(8000); // so many come that eight times are no chance
        var time = new FakeTimeProvider(Now);
        using var watch = new CompanyWatch(new CompanyBook(store, time), new Assessor(time, store), store, new HubFeed(), time, NullLogger<CompanyWatch>.Instance);
        var last = store.Prefix(StoredSighting.ByVehicle, Keys.Join("tractor", ""), 1, newestFirst: true)[0];

        Assert.Null(await watch.LookAsync(last with { Id = "erased" }));
        Assert.Null(await watch.LookAsync(last with { Vehicle = "friend" }));
        Assert.Empty(store.All(ToldCompany.Table));

        Assert.Equal(AlertCause.CompanyKept, (await watch.LookAsync(last))?.Cause);
        Assert.Single(store.All(ToldCompany.Table));
    }

    [Fact]
    public async Task Company_AskedAgainWithinMinutes_CountsTheStoreOnce()
    {
        var time = new FakeTimeProvider(Now);
        var book = new CompanyBook(store, time);
        var before = Assert.Single(book.CompanyOf("tractor")).Found.Expected;
        await AddTrafficAsync(2000);

        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(before, Assert.Single(book.CompanyOf("tractor")).Found.Expected);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.InRange(Assert.Single(book.CompanyOf("tractor")).Found.Expected, 0, before * 0.8);
    }

    [Fact]
    public void Stays_OfManySightings_AreOneForEachVisitToAPort()
    {
        var seen = Enumerable.Range(0, 12).Select(i => ReadBookTests.Seen("AB12CDE", (i * 20) + (i < 6 ? 0 : 24 * 60), 0.97f, vehicle: "v"));

        Assert.Equal(2, CompanyBook.StaysOf(seen).Count);
    }

    private Task<bool> AddTrafficAsync(int sightings) => store.WriteAsync(writer =>
    {
        for (var other = 0; other < sightings; other++)
        {
            Put(writer, $"w{other}", Now.AddHours(-1), Guid.NewGuid().ToString());
        }

        return true;
    });

    private CompanyBook Book => new(store, new FakeTimeProvider(Now));

    private static void Put(IStoreWriter writer, string vehicle, DateTimeOffset at, string passage)
    {
        var message = new Sighting { Id = Guid.NewGuid().ToString(), PassageId = passage, Text = vehicle switch { "tractor" => "AB12CDE", "new trailer" => "XY98ZWV", "old trailer" => "QR55STU", _ => "LK43MNP" }, CapturedAt = at.ToTimestamp(), Confidence = 0.99f };
        var sighting = new StoredSighting(message.Id, "calais", "calais-1", message, "", at, false, vehicle, 1, []);
        writer.Put(StoredSighting.Table, sighting);
        writer.Put(Vehicle.Table, Vehicle.Of(sighting, PlateEvidence.Of(message)));
    }
}
