using System.Security.Cryptography;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Grpc.Core;

namespace Anpr.Hub.Tests.Watchlists;

/// <summary>The watchlist as lanes get it, over real gRPC.</summary>
public sealed class DeltaSignerTests : IAsyncLifetime
{
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync();

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Follow_EntriesAddedAndEnded_ComeSignedAsTheyHappen()
    {
        var stop = TestContext.Current.CancellationToken;
        var first = await AddAsync("AB123CD");
        var client = new Lane.LaneClient(hub.Channel(await hub.EnrolAsync("calais", "calais-1")));
        using var call = client.FollowWatchlist(new FollowWatchlistRequest(), cancellationToken: stop);

        var all = await NextAsync(call, stop);
        await AddAsync("XY*99", covert: true, kind: ListedKind.Wildcard);
        var second = await AddAsync("XY999ZZ");
        var added = await NextAsync(call, stop);
        await Book.EndAsync(first.Id, "supervisor");
        var ended = await NextAsync(call, stop);

        Assert.Equal((0ul, first.Revision), (all.FromRevision, all.ToRevision));
        Assert.Equal(("AB123CD", "Stop"), (Assert.Single(all.Upserts).Pattern, all.Upserts[0].Display));
        Assert.Equal(second.Id, Assert.Single(added.Upserts).Id); // the covert one is not sent, nor named
        Assert.Equal(first.Id, Assert.Single(ended.RemovedIds));
        Assert.Equal(added.ToRevision, ended.FromRevision);
    }

    [Fact]
    public async Task Since_ARevisionThatNeverWas_ReplacesEverything()
    {
        await AddAsync("AB123CD");

        var delta = WatchlistDelta.Parser.ParseFrom(hub.Get<DeltaSigner>().Since(99, "calais")!.Delta);

        Assert.Equal(0ul, delta.FromRevision);
        Assert.Single(delta.Upserts);
    }

    /// <summary>What another hub has stored a moment ago, a lane that comes from there may hold already.</summary>
    [Fact]
    public async Task Since_ARevisionOfAnotherHubThatWasNotHeardYet_ReplaysNothing()
    {
        var first = await AddAsync("AB123CD");
        var other = first with { Id = Guid.CreateVersion7().ToString(), Pattern = "AB124CD", Revision = first.Revision + 1 };
        await hub.Get<IStore>().WriteAsync(writer =>
        {
            writer.Put(ListEntry.Table, other);
            return true;
        });

        Assert.Null(Signer.Since(other.Revision, "calais"));
        Assert.Equal(other.Revision, Book.LaneRevision("calais"));
    }

    [Fact]
    public async Task Since_TheNewest_IsNothing()
    {
        var entry = await AddAsync("AB123CD");

        Assert.Null(hub.Get<DeltaSigner>().Since(entry.Revision, "calais"));
    }

    [Fact]
    public async Task Since_EntriesOfEachKind_SaysTheirKinds()
    {
        await AddAsync("AB123CD");
        await AddAsync("AB1*", kind: ListedKind.Wildcard);
        await AddAsync("AB128CD", kind: ListedKind.Fuzzy);

        var delta = WatchlistDelta.Parser.ParseFrom(hub.Get<DeltaSigner>().Since(0, "calais")!.Delta);

        Assert.Equal([PatternKind.Exact, PatternKind.Wildcard, PatternKind.Fuzzy], delta.Upserts.Select(e => e.Kind));
    }

    [Fact]
    public async Task Since_EntriesOfPorts_EachPortGetsItsOwn()
    {
        var all = await AddAsync("AB123CD");
        var one = await AddAsync("AB124CD", ports: "dunkerque");

        Assert.Equal([all.Id], Since(0, "calais").Upserts.Select(e => e.Id));
        Assert.Equal([all.Id, one.Id], Since(0, "dunkerque").Upserts.Select(e => e.Id));
        Assert.Null(Signer.Since(all.Revision, "calais")); // it does not even learn that something has changed
        Assert.Equal(one.Revision, Book.LaneRevision("dunkerque"));
    }

    [Fact]
    public async Task Since_AnEntryThatLeavesThePortOrBecomesCovert_IsTakenFromItsLanes()
    {
        var (moved, hidden) = (await AddAsync("AB123CD"), await AddAsync("AB124CD"));
        var before = Book.LaneRevision("calais");

        await Book.ChangeAsync(moved.Id, "supervisor", Asked("AB123CD") with { Ports = ["coquelles"] });
        await Book.ChangeAsync(hidden.Id, "supervisor", Asked("AB124CD", covert: true));
        var (calais, coquelles) = (Since(before, "calais"), Since(before, "coquelles"));

        Assert.Equal([moved.Id, hidden.Id], calais.RemovedIds);
        Assert.Empty(calais.Upserts);
        Assert.Equal([moved.Id], coquelles.Upserts.Select(e => e.Id));
        Assert.Equal([hidden.Id], coquelles.RemovedIds);
    }

    [Fact]
    public async Task Since_MoreThanOneMessageHolds_ComesInStepsThatEndAtTheNewest()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Book.PutAllAsync([.. Enumerable.Range(0, 12_000).Select(i => new WantedEntry(i, Asked($"AB{i:00000}").Checked(now), null))], 0);

        var held = new Dictionary<string, string>(StringComparer.Ordinal);
        ulong have = 0;
        var steps = 0;
        for (; Signer.Since(have, "calais") is { } signed; steps++)
        {
            var delta = WatchlistDelta.Parser.ParseFrom(signed.Delta);
            Assert.Equal(have, delta.FromRevision);
            Assert.True(signed.CalculateSize() < 4 * 1024 * 1024);
            foreach (var entry in delta.Upserts)
            {
                held.Add(entry.Id, entry.Pattern);
            }

            have = delta.ToRevision;
            Assert.Equal(have < Book.LaneRevision("calais"), delta.More);
        }

        Assert.Equal((3, 12_000, Book.LaneRevision("calais")), (steps, held.Count, have));
    }

    private DeltaSigner Signer => hub.Get<DeltaSigner>();

    private WatchlistDelta Since(ulong have, string port) => WatchlistDelta.Parser.ParseFrom(Signer.Since(have, port)!.Delta);

    private static NewEntry Asked(string pattern, bool covert = false, ListedKind kind = ListedKind.Exact) =>
        new(pattern, kind, 1, "Stop", "OP:1", "supervisor", TimeProvider.System.GetUtcNow().AddDays(1), covert);

    private WatchlistBook Book => hub.Get<WatchlistBook>();

    private async Task<ListEntry> AddAsync(string pattern, bool covert = false, ListedKind kind = ListedKind.Exact, params string[] ports) =>
        (await Book.AddAsync(Asked(pattern, covert, kind) with { Ports = ports })).Entry;

    private async Task<WatchlistDelta> NextAsync(AsyncServerStreamingCall<SignedWatchlistDelta> call, CancellationToken stop)
    {
        Assert.True(await call.ResponseStream.MoveNext(stop));
        var signed = call.ResponseStream.Current;
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(hub.Files.WatchlistKey, stop));
        Assert.True(key.VerifyData(signed.Delta.Span, signed.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        return WatchlistDelta.Parser.ParseFrom(signed.Delta);
    }
}
