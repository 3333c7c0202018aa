using System.Text;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Bookings;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Microsoft.Extensions.DependencyInjection;

namespace Anpr.Hub.Tests.Audit;

/// <summary>No change of a person's is made that the log does not have: neither a covert entry nor a new administrator can come to be unseen.</summary>
public sealed class ChangesTests : IAsyncLifetime
{
    private static readonly string Until = TimeProvider.System.GetUtcNow().AddDays(20).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    private readonly SmallDisk disk = new();
    private RunningHub hub = null!;
    private AuditLog full = null!;
    private string entry = "";
    private string booking = "";

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        await hub.Get<Users>().AddAsync("olive", Role.Supervisor);
        await hub.Get<ApiKeys>().AddAsync("sys", ["lanes"], TimeSpan.FromDays(1));
        (await hub.EnrolAsync("calais", "calais-1")).Dispose();
        entry = (await hub.Get<WatchlistBook>().AddAsync(Entry("KA70RVN"))).Entry.Id;
        await hub.Get<BookingBook>().ImportAsync(Bookings("TR1"));
        booking = Assert.Single(hub.Get<IStore>().All(Booking.Table)).Id;
        full = new AuditLog(disk.Path, TimeProvider.System);
        disk.Fill(freeBlocks: 0);
    }

    public async ValueTask DisposeAsync()
    {
        full?.Dispose();
        disk.Dispose();
        await hub.DisposeAsync();
    }

    [Theory]
    [InlineData("watchlist.add")]
    [InlineData("watchlist.change")]
    [InlineData("watchlist.end")]
    [InlineData("watchlist.import")]
    [InlineData("bookings.put")]
    [InlineData("bookings.cancel")]
    [InlineData("user.add")]
    [InlineData("user.link")]
    [InlineData("user.remove")]
    [InlineData("key.add")]
    [InlineData("key.revoke")]
    [InlineData("lane.token")]
    [InlineData("lane.revoke")]
    public async Task Change_WhenTheLogIsFull_IsNotMade_AndIsMadeOnceThereIsRoom(string act)
    {
        var before = Everything();

        await Assert.ThrowsAsync<AuditFailedException>(() => DoAsync(act));
        Assert.Equal(before, Everything());
        disk.Clear();
        await DoAsync(act);

        Assert.NotEqual(before, Everything());
        Assert.NotEmpty(full.Newest("", act, 9));
    }

    [Fact]
    public async Task Change_ThatIsRefused_SaysSoInTheLog()
    {
        disk.Clear();

        await Assert.ThrowsAsync<InputException>(() => People.AddAsync("ada", "olive", Role.Administrator, []));

        Assert.Equal(["refused: there is a user 'olive' already. Remove it first to change its role.", "administrator"], full.Newest("ada", "user.add", 9).Select(e => e.Result));
    }

    private PeopleDesk People => New<PeopleDesk>();

    private T New<T>(params object[] others) => ActivatorUtilities.CreateInstance<T>(hub.App.Services, [full, .. others]);

    private Task DoAsync(string act) => act switch
    {
        "watchlist.add" => New<WatchlistDesk>().AddAsync(Entry("AB12CDE")),
        "watchlist.change" => New<WatchlistDesk>().ChangeAsync(entry, "olive", Entry("KA71RVN")),
        "watchlist.end" => New<WatchlistDesk>().EndAsync(entry, "olive"),
        "watchlist.import" => New<WatchlistDesk>().ImportAsync(Encoding.UTF8.GetBytes($"pattern,kind,priority,display,reason,expires_at\nAB12CDE,exact,1,Stop,OP:1,{Until}\n"), "olive"),
        "bookings.put" => New<BookingDesk>().ImportAsync(Bookings("TR2"), "olive"),
        "bookings.cancel" => New<BookingDesk>().CancelAsync(booking, "olive"),
        "user.add" => People.AddAsync("ada", "eve", Role.Administrator, []),
        "user.link" => People.LinkAsync("ada", "olive"),
        "user.remove" => People.RemoveAsync("ada", "olive", null),
        "key.add" => Desk.AddKeyAsync("other", ["movements"], 3),
        "key.revoke" => Desk.RevokeKeyAsync("sys"),
        "lane.token" => Desk.TokenAsync("calais", "calais-2", ["hub.example:8443"]),
        _ => Desk.RevokeAsync("ada", "calais", "calais-1"),
    };

    private AccessDesk Desk => New<AccessDesk>(People);

    // All that these acts could change.
    private string Everything() => JsonSerializer.Serialize(new
    {
        Entries = hub.Get<WatchlistBook>().Entries("olive", all: true),
        Bookings = hub.Get<IStore>().All(Booking.Table),
        hub.Get<AccessStore>().State.Users,
        hub.Get<AccessStore>().State.Links,
        hub.Get<AccessStore>().State.Keys,
        hub.Get<AccessStore>().State.Grants,
        hub.Get<AccessStore>().State.Lanes,
    });

    private static NewEntry Entry(string plate) => new(plate, ListedKind.Exact, 1, "Stop", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1));

    private static byte[] Bookings(string trailer) => Encoding.UTF8.GetBytes($"registration,trailer,cargo,crossing_at\nAB12CDE,{trailer},dry,{TimeProvider.System.GetUtcNow().AddHours(3):yyyy-MM-ddTHH:mm}Z\n");
}
