using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Bookings;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Retention;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Storage;
using Anpr.Proto.V1;
using Microsoft.Extensions.Time.Testing;
using Booking = Anpr.Hub.Bookings.Booking;

namespace Anpr.Hub.Tests.Bookings;

/// <summary>Bookings from REST to the passage and to lanes, at a real hub.</summary>
public sealed class BookingTests : IAsyncLifetime
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private RunningHub hub = null!;
    private HttpClient supervisor = null!;

    private DateTimeOffset Now => time.GetUtcNow();

    private BookingBook Book => hub.Get<BookingBook>();

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync(time);
        supervisor = await hub.SignInAsync(Role.Supervisor);
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Put_JsonWithGoodAndBad_KeepsTheGoodAndNamesTheBad()
    {
        object[] bookings =
        [
            new { registration = "ab12 cde", trailer = "tr-1", cargo = "Produce", crossing_at = At(3) },
            new { registration = "", cargo = "coal", crossing_at = "tomorrow" },
            new { trailer = "TR2", crossing_at = At(24 * 400) },
            new { registration = 7 },
            new { trailer = "TR3", crossing_at = At(4) },
        ];

        var first = await PutAsync(JsonContent.Create(bookings));
        var again = await PutAsync(JsonContent.Create(bookings));

        Assert.Equal((5, 2), (first.GetProperty("rows").GetInt32(), first.GetProperty("added").GetInt32()));
        Assert.Equal([(2, "registration"), (2, "cargo"), (2, "crossing_at"), (3, "crossing_at"), (4, "")], Refused(first));
        Assert.Equal((0, 2), (again.GetProperty("added").GetInt32(), again.GetProperty("unchanged").GetInt32()));
        Assert.Equal(["AB12CDE", ""], Book.Crossing(Now, Now.AddDays(1), 9).Select(b => b.Registration));
        Assert.Equal(4, hub.Get<AuditLog>().Newest("supervisor", "bookings.put", 9).Count); // begun, and what came of it, of each
    }

    [Fact]
    public async Task Put_Csv_AndLookUpNeedsAReason_AndCancel()
    {
        var report = await PutAsync(new StringContent($"registration;trailer;cargo;crossing_at\nAB12CDE;TR1;live;{At(3)}\n;;dry;{At(3)}\n", Encoding.UTF8, "text/csv"));
        using var refused = await supervisor.GetAsync(Uri("/api/v1/bookings?plate=tr1"), Stop);
        var found = await supervisor.GetFromJsonAsync<JsonElement>(Uri("/api/v1/bookings?plate=tr1&reason=OP:1"), Stop);
        using var gone = await supervisor.DeleteAsync(Uri($"/api/v1/bookings/{found[0].GetProperty("id").GetString()}"), Stop);
        using var twice = await supervisor.DeleteAsync(Uri($"/api/v1/bookings/{found[0].GetProperty("id").GetString()}"), Stop);

        Assert.Equal([(3, "registration")], Refused(report));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(("AB12CDE", "live"), (found[0].GetProperty("registration").GetString(), found[0].GetProperty("cargo").GetString()));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (gone.StatusCode, twice.StatusCode));
    }

    /// <summary>Hubs on one store count changes together: what a hub with a slow clock books comes after what one with a fast clock did.</summary>
    [Fact]
    public async Task Number_OfChangesByHubsWithOtherClocks_Grows()
    {
        var behind = new BookingBook(hub.Get<IStore>(), hub.Get<HubFeed>(), new FakeTimeProvider(Now.AddHours(-1)));
        async Task<ulong> NumberAfter(Task change)
        {
            await change;
            return Proto.V1.Bookings.Parser.ParseFrom(hub.Get<BookingSigner>().Sign(hub.Get<BookingSigner>().Current()).Bookings).Number;
        }

        var first = await NumberAfter(Book.PutAsync([new NewBooking(1, "AB12CDE", "", "dry", At(3))], []));
        var second = await NumberAfter(behind.PutAsync([new NewBooking(1, "AB13CDE", "", "dry", At(3))], []));
        var same = await NumberAfter(behind.PutAsync([new NewBooking(1, "AB13CDE", "", "dry", At(3))], []));
        var third = await NumberAfter(behind.CancelAsync(Book.Crossing(Now, Now.AddDays(1), 1)[0].Id));

        Assert.Equal([(ulong)Now.ToUnixTimeMilliseconds(), first + 1, first + 1, first + 2], [first, second, same, third]);
    }

    [Fact]
    public async Task Put_WhenTheStoreFailsHalfway_SaysWhatWasKeptAndTellsLanes()
    {
        using var feed = hub.Get<HubFeed>().Subscribe();
        var failing = new BookingBook(FailingStore.After(hub.Get<IStore>(), 1), hub.Get<HubFeed>(), time);

        var report = await failing.PutAsync([.. Enumerable.Range(1, 1200).Select(i => new NewBooking(i, $"AB{i:0000}", "", "dry", At(3)))], []);

        Assert.Equal((1000, 200, 1001), (report.Added, report.RefusedRows, report.Refused[0].Line));
        Assert.True(feed.Events.TryRead(out var told) && told is BookingsEvent);
    }

    [Fact]
    public async Task Put_ByAnOfficer_IsForbidden()
    {
        var officer = await hub.SignInAsync(Role.Officer);

        using var answer = await officer.PutAsJsonAsync(Uri("/api/v1/bookings"), Array.Empty<object>(), Stop);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Join_OwnTextTrailerOrLinkedVehicle_TheNearestCrossingWithinTheWindow()
    {
        var lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1", time);
        await PutAsync(JsonContent.Create(new object[]
        {
            new { registration = "AB12CDO", trailer = "TR1234", cargo = "dry", crossing_at = At(20) },
            new { registration = "AB12CD0", trailer = "TR1234", cargo = "timber", crossing_at = At(2) },
            new { registration = "XY99ZZZ", cargo = "live", crossing_at = At(30) },
        }));

        var tractor = await JoinAsync(lane, "AB12CDO");
        var trailer = await JoinAsync(lane, "TR1234");
        var far = await JoinAsync(lane, "XY99ZZZ");
        time.Advance(TimeSpan.FromMinutes(20));
        var misread = await JoinAsync(lane, "AB12CDD", (6, 0.5f, '0')); // the link says which vehicle it is

        Assert.Equal((Cargo.Timber, false, true), (tractor!.Booking.Cargo, tractor.AsTrailer, tractor.Loose));
        Assert.Equal((Cargo.Timber, true, false), (trailer!.Booking.Cargo, trailer.AsTrailer, trailer.Loose));
        Assert.Null(far);
        Assert.Equal((Cargo.Timber, true), (misread!.Booking.Cargo, misread.Loose));
    }

    [Fact]
    public async Task Forget_ThirtyDaysAfterTheCrossing_AndNotBefore()
    {
        await PutAsync(JsonContent.Create(new object[] { new { trailer = "TR1", crossing_at = At(1) }, new { trailer = "TR2", crossing_at = At(30) } }));
        time.Advance(BookingBook.Kept + TimeSpan.FromHours(2));

        await hub.Get<RetentionPass>().RunAsync(Stop);

        Assert.Equal(["TR2"], hub.Get<IStore>().All(Booking.Table).Select(b => b.Trailer));
    }

    [Fact]
    public async Task Follow_BookingsOfTheNextHours_ComeSignedAndAnewAfterAChange()
    {
        await PutAsync(JsonContent.Create(new object[] { new { registration = "AB12CDE", cargo = "produce", crossing_at = At(3) }, new { registration = "FAR1", crossing_at = At(72) } }));
        var client = new Lane.LaneClient(hub.Channel(await hub.EnrolAsync("calais", "calais-1")));
        using var call = client.FollowBookings(new FollowBookingsRequest(), cancellationToken: Stop);

        var first = await NextAsync(call.ResponseStream);
        await PutAsync(JsonContent.Create(new object[] { new { trailer = "TR1", crossing_at = At(4) } }));
        var next = NextAsync(call.ResponseStream);
        while (!next.IsCompleted) // what is booked one after the other comes together
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal([("AB12CDE", Cargo.Produce)], first.Bookings_.Select(b => (b.Registration, b.Cargo)));
        Assert.Equal(["AB12CDE", ""], (await next).Bookings_.Select(b => b.Registration));
    }

    private async Task<Proto.V1.Bookings> NextAsync(Grpc.Core.IAsyncStreamReader<SignedBookings> stream)
    {
        Assert.True(await stream.MoveNext(Stop));
        var signed = stream.Current;
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(hub.Files.WatchlistKey, Stop));
        byte[] bytes = [.. "anpr.v1.Bookings\0"u8, .. signed.Bookings.Span];
        Assert.True(key.VerifyData(bytes, signed.Signature.Span, HashAlgorithmName.SHA256));
        Assert.False(key.VerifyData(signed.Bookings.Span, signed.Signature.Span, HashAlgorithmName.SHA256)); // it cannot pass for a watchlist
        return Proto.V1.Bookings.Parser.ParseFrom(signed.Bookings);
    }

    private async Task<JoinedBooking?> JoinAsync(LaneClient lane, string text, params (int At, float P, char Else)[] unsure)
    {
        var sighting = lane.Sighting(text, Guid.CreateVersion7().ToString(), [1], [], unsure: unsure);
        await lane.SendAsync(sighting);
        return BookingJoin.Of(hub.Get<IStore>(), hub.Get<IStore>().Get(StoredSighting.Table, sighting.Id)!);
    }

    private async Task<JsonElement> PutAsync(HttpContent content)
    {
        using (content)
        {
            using var answer = await supervisor.PutAsync(Uri("/api/v1/bookings"), content, Stop);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        }
    }

    private static IEnumerable<(int, string?)> Refused(JsonElement report) =>
        report.GetProperty("refused").EnumerateArray().Select(r => (r.GetProperty("line").GetInt32(), r.GetProperty("field").GetString()));

    private string At(double hours) => Now.AddHours(hours).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static Uri Uri(string path) => new(path, UriKind.Relative);
}
