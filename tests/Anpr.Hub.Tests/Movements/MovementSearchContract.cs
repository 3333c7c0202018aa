using Anpr.Hub.Ingest;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;
using Anpr.Hub.Tests.Storage;
using Anpr.Proto.V1;
using CsCheck;

namespace Anpr.Hub.Tests.Movements;

/// <summary>What a search keeps to, on every store.</summary>
public abstract class MovementSearchContract : IAsyncLifetime
{
    private const int Passages = 160;
    private IStore store = null!;
    private DrawnMovements drawn = null!;

    private protected abstract IStore Open();

    public async ValueTask InitializeAsync()
    {
        store = Open();
        drawn = await DrawnMovements.PutAsync(store, 7, Passages);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await store.DisposeAsync();
    }

    private static readonly Gen<MovementQuery> Questions =
        from plate in One("", "", "AB12CDE", "AB12*", "*CD?", "?A*", "*", "XY34ZZZ", "1?BC234", "NONE")
        from vehicle in One("", "", "", "vehicle-AB")
        from ports in One<string[]>([], [], ["calais"], ["calais", "coquelles"], ["dunkerque"])
        from lanes in One<string[]>([], [], ["calais-1"], ["dunkerque/dunkerque-1", "calais-2"])
        from country in One("", "", "GB")
        from least in One<double?>(null, null, 0.0, 0.5, 0.9)
        from most in One<double?>(null, null, 0.6)
        from finding in One<Search.Types.Finding?>(null, null, Search.Types.Finding.People, Search.Types.Finding.Clear)
        from disposition in One<Disposition.Types.Outcome?>(null, null, Disposition.Types.Outcome.Refused)
        from pairing in One("", "", "", "AB*", "WGM4821K")
        from start in Gen.Int[0, 1200]
        from length in Gen.Int[0, 1300]
        select new MovementQuery(plate, DrawnMovements.Begin.AddSeconds(start), DrawnMovements.Begin.AddSeconds(start + length), ports)
        {
            Vehicle = vehicle,
            Lanes = lanes,
            Country = country,
            MinScore = least,
            MaxScore = most,
            Finding = finding,
            Disposition = disposition,
            Pairing = pairing,
        };

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact]
    public void Pages_Joined_AreTheWholeAnswerAndNothingTwice() =>
        (from query in Questions from limit in Gen.Int[1, 30] from steps in One(3, 50, 20_000) select (query, limit, steps)).Sample(
            q => Assert.Equal(drawn.Answer(q.query).Order(StringComparer.Ordinal), Pages(q.query with { Limit = q.limit }, q.steps).SelectMany(p => p.Sightings).Select(s => s.Id).Order(StringComparer.Ordinal)),
            iter: 120, threads: 1);

    [Fact]
    public void Pages_OfAnySize_HaveOneOrder() =>
        (from query in Questions from limit in Gen.Int[1, 30] select (query, limit)).Sample(
            q => Assert.Equal(
                new MovementSearch(store).Find(q.query with { Limit = MovementSearch.MostRows }).Sightings.Select(s => s.Id),
                Pages(q.query with { Limit = q.limit }, 20_000).SelectMany(p => p.Sightings).Select(s => s.Id)),
            iter: 40, threads: 1);

    [Fact]
    public void Page_IsFullUnlessItIsTheLast() =>
        (from query in Questions from limit in Gen.Int[1, 30] select query with { Limit = limit }).Sample(
            query =>
            {
                var pages = Pages(query, 20_000);
                Assert.All(pages.SkipLast(1), p => Assert.Equal((query.Limit, null), (p.Found.Count, p.SearchedTo)));
                Assert.True(pages.Count == 1 || pages[^1].Found.Count > 0, "the last page is empty");
            },
            iter: 40, threads: 1);

    [Theory]
    [InlineData("AB12*")]
    [InlineData("")]
    public async Task NewSightings_BetweenTwoPages_AreNotMetAndNoneIsLost(string plate)
    {
        var query = new MovementQuery(plate, DrawnMovements.Begin, DrawnMovements.Begin.AddHours(2), [], Limit: 7);
        var search = new MovementSearch(store);
        var first = search.Find(query);
        var newer = drawn.Sighting("AB12CDE", Guid.NewGuid().ToString(), "calais", "calais-1", DrawnMovements.Begin.AddHours(1), "vehicle-AB");
        await store.WriteAsync(w =>
        {
            w.Put(StoredSighting.Table, newer);
            return true;
        });

        var rest = Rest(search, query, first.Cursor);

        Assert.Equal(drawn.Answer(query).Order(StringComparer.Ordinal), first.Sightings.Concat(rest.SelectMany(p => p.Sightings)).Select(s => s.Id).Order(StringComparer.Ordinal));
        Assert.Equal(newer.Id, search.Find(query).Sightings.First().Id);
    }

    /// <summary>What a fuzzy search does not weigh is never left out without a word.</summary>
    [Fact]
    public async Task Find_FuzzyWithMoreThanIsWeighed_SaysSo()
    {
        var query = new MovementQuery("AB12CDE", DrawnMovements.Begin, DrawnMovements.Begin.AddHours(2), [], Limit: 7) { Fuzzy = true };
        var before = new MovementSearch(store).Find(query);
        await store.WriteAsync(w =>
        {
            for (var i = 0; i < 301; i++)
            {
                w.Put(StoredSighting.Table, drawn.Sighting("AB12CDE", Guid.NewGuid().ToString(), "calais", "calais-1", DrawnMovements.Begin.AddSeconds(i), "vehicle-AB"));
            }

            return true;
        });
        var cut = 0;
        var all = new MovementSearch(store).All(query, () => cut++).Count();

        Assert.False(before.Cut);
        Assert.True(new MovementSearch(store).Find(query).Cut);
        Assert.True(all >= 300 && cut > 0);
    }

    /// <summary>The hub looks through the passages of all lanes so far; where it stops, it says so.</summary>
    [Fact]
    public void Around_WhenTheLookEndsEarly_SaysThatThereIsMore()
    {
        var (time, around) = (DrawnMovements.Begin.AddMinutes(10), TimeSpan.FromMinutes(20));

        var whole = new LaneBook(store, new MovementSearch(store)).Around("calais", "calais-1", time, around);
        var cut = new LaneBook(store, new MovementSearch(store) { MostSteps = 100 }).Around("calais", "calais-1", time, around);

        Assert.False(whole.More);
        Assert.True(cut.More);
    }

    [Fact]
    public void Find_TimesOrFindings_AreNewestFirst()
    {
        var query = new MovementQuery("", DrawnMovements.Begin, DrawnMovements.Begin.AddHours(2), [], MovementSearch.MostRows);

        var times = new MovementSearch(store).Find(query).Sightings.Select(s => s.CapturedAt).ToList();

        Assert.True(times.Count > Passages);
        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public async Task JourneyOf_AVehicleSeenMoreOftenThanOneHolds_HasItsLastSightings()
    {
        var often = Enumerable.Range(0, 1003).Select(i => drawn.Sighting("ZZ99ZZZ", Guid.NewGuid().ToString(), "calais", "calais-1", DrawnMovements.Begin.AddDays(1).AddMinutes(i), "vehicle-ZZ")).ToList();
        await store.WriteAsync(w =>
        {
            often.ForEach(s => w.Put(StoredSighting.Table, s));
            Anpr.Hub.Link.VehicleBook.Put(w, Anpr.Hub.Link.Vehicle.Of(often[0], Anpr.Hub.Link.PlateEvidence.Of(often[0].Message)), before: null);
            return true;
        });

        Assert.Equal(often.Skip(3).Select(s => s.Id), new MovementSearch(store).JourneyOf("vehicle-ZZ")!.Sightings.Select(s => s.Id));
    }

    [Fact]
    public void Find_WithFewSteps_EndsWhereItIsAndSaysHowFar()
    {
        var query = new MovementQuery("NO*", DrawnMovements.Begin, DrawnMovements.Begin.AddHours(2), ["coquelles"], 10);

        var page = new MovementSearch(store) { MostSteps = 20 }.Find(query with { Plate = "" });

        Assert.Empty(page.Found);
        Assert.True(page.More);
        Assert.InRange(page.SearchedTo!.Value, query.From, query.To);
    }

    [Fact]
    public void Fuzzy_SimilarPlates_AreRankedByTheirProbability()
    {
        var query = new MovementQuery("ab12 cde", DrawnMovements.Begin, DrawnMovements.Begin.AddHours(2), [], 9) { Fuzzy = true };
        var pages = Pages(query, 20_000);
        var found = pages.SelectMany(p => p.Found).ToList();

        Assert.True(pages.Count > 2);
        Assert.Equal(found.Select(f => f.Probability).OrderDescending(), found.Select(f => f.Probability));
        Assert.Equal(found.Count, found.DistinctBy(f => f.Sighting.Id, StringComparer.Ordinal).Count());
        Assert.All(found, f => Assert.InRange(f.Probability!.Value, 0, 1));
        var alike = drawn.Sightings.Where(s => s.Text is "AB12CDE" or "AB12CDF" or "A812CDE").Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(alike, found.Select(f => f.Sighting.Id).ToHashSet(StringComparer.Ordinal));
        Assert.DoesNotContain(found, f => f.Sighting.Text is "XY34ZZZ" or "WGM4821K");
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("MQ")]
    [InlineData("MQoxCjEKYWJjCjEKMQox!")]
    public void Find_WithWhatIsNoCursor_IsRefusedInWords(string cursor)
    {
        var query = new MovementQuery("", DrawnMovements.Begin, DrawnMovements.Begin, []);

        Assert.Contains("cursor", Assert.Throws<InputException>(() => new MovementSearch(store).Find(query, cursor)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_WithTheCursorOfAnotherQuestion_IsRefused()
    {
        var query = new MovementQuery("", DrawnMovements.Begin, DrawnMovements.Begin.AddHours(2), [], 1);
        var search = new MovementSearch(store);
        var cursor = search.Find(query).Cursor;

        Assert.Contains("another question", Assert.Throws<InputException>(() => search.Find(query with { Ports = ["calais"] }, cursor)).Message, StringComparison.Ordinal);
    }

    private List<MovementAnswer> Pages(MovementQuery query, int steps)
    {
        var search = new MovementSearch(store) { MostSteps = steps };
        var first = search.Find(query);
        return [first, .. Rest(search, query, first.Cursor)];
    }

    // A page goes on at least one step, so this ends.
    private static IEnumerable<MovementAnswer> Rest(MovementSearch search, MovementQuery query, string? cursor)
    {
        while (cursor is not null)
        {
            var page = search.Find(query, cursor);
            cursor = page.Cursor;
            yield return page;
        }
    }
}

public sealed class LiteMovementSearchTests : MovementSearchContract
{
    private readonly TempFolder folder = new();

    private protected override IStore Open() => LiteStore.Open(folder.Path, HubFeatures.Tables);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }
}

public sealed class PostgresMovementSearchTests(PostgresFixture postgres) : MovementSearchContract, IClassFixture<PostgresFixture>
{
    private protected override IStore Open() => PostgresStore.Open(postgres.Server.NewDatabase(), HubFeatures.Tables);
}

public sealed class MovementCursorTests
{
    private static readonly Gen<MovementCursor> Cursors =
        from ticks in Gen.Long[DateTimeOffset.UnixEpoch.UtcTicks, new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks]
        from more in Gen.Long[DateTimeOffset.UnixEpoch.UtcTicks, new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks]
        from parts in Gen.String["0123456789abcdefABCDEF-|"].Array[4]
        select new MovementCursor(new DateTimeOffset(ticks, TimeSpan.Zero), new DateTimeOffset(more, TimeSpan.Zero), parts[0], new MovementPlace(parts[1], parts[2], parts[3]));

    [Fact]
    public void Cursor_WrittenAndRead_IsTheSame() => Cursors.Where(c => c.ToString().Length <= 600).Sample(c =>
    {
        Assert.True(MovementCursor.TryParse(c.ToString(), out var read));
        Assert.Equal(c, read);
    });

    [Fact]
    public void TryParse_Anything_NeverThrowsAndTakesOnlyWhatWasWritten() =>
        Gen.OneOf(Gen.String, Gen.Byte.Array[0, 400].Select(b => System.Buffers.Text.Base64Url.EncodeToString(b)), Gen.Select(Cursors, Gen.Int[0, 200], Gen.Char).Select((c, at, by) => Spoilt(c.ToString(), at, by)))
            .Sample(text => Assert.True(!MovementCursor.TryParse(text, out var cursor) || cursor.ToString() == text));

    private static string Spoilt(string text, int at, char by) => at < text.Length ? string.Concat(text.AsSpan(0, at), by.ToString(), text.AsSpan(at + 1)) : text[..(text.Length / 2)];
}
