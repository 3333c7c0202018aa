using System.Security.Cryptography;
using Anpr.Edge.LaneAlert;
using Anpr.Edge.Tests.Hub;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using WireEntry = Anpr.Proto.V1.WatchlistEntry;

namespace Anpr.Edge.Tests.LaneAlert;

public sealed class WatchlistCopyTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TestAuthority _authority = new();
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("anpr-watchlist-").FullName, "watchlist.json");

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);
    }

    [Fact]
    public void Apply_Deltas_AddsReplacesAndRemoves()
    {
        var copy = Open();
        Assert.Equal(DeltaOutcome.Applied, copy.Apply(Sign(new WatchlistDelta { ToRevision = 2, Upserts = { Entry("a", "AB12CDE"), Entry("b", "AB*") } })));
        Assert.Equal(["a", "b"], copy.Match(PlateReading.Of("AB12CDE"), Noon).Select(m => m.Entry.Id));
        Assert.Equal([false, true], copy.Match(PlateReading.Of("AB12CDE"), Noon).Select(m => m.Loose));
        Assert.Equal(DeltaOutcome.Applied, copy.Apply(Sign(new WatchlistDelta { FromRevision = 2, ToRevision = 3, Upserts = { Entry("a", "XX1") }, RemovedIds = { "b" } })));
        Assert.Empty(copy.Match(PlateReading.Of("AB12CDE"), Noon));
        Assert.Equal(3uL, Open().Revision);
        Assert.Single(Open().Match(PlateReading.Of("XX1"), Noon));
    }

    [Theory]
    [InlineData("", false)] // a hub that sends all to all
    [InlineData("calais", false)]
    [InlineData("dunkerque", true)]
    public void Apply_SignedForAnotherPort_IsForged(string port, bool forged) =>
        Assert.Equal(forged ? DeltaOutcome.Forged : DeltaOutcome.Applied, Open().Apply(Sign(new WatchlistDelta { ToRevision = 1, Port = port, Upserts = { Entry("a", "AB12CDE") } })));

    [Fact]
    public void Apply_AFuzzyEntryWithItsLeast_IsHitFromThereOn()
    {
        var copy = Open();
        WireEntry Fuzzy(string id, double least) => new(Entry(id, "AB128CD")) { Kind = PatternKind.Fuzzy, LeastProbability = least };
        copy.Apply(Sign(new WatchlistDelta { ToRevision = 1, Upserts = { Fuzzy("usual", 0), Fuzzy("strict", 0.9) } }));

        Assert.Equal(["usual"], copy.Match(PlateReading.Of("AB12BCD"), Noon).Select(m => m.Entry.Id));
        Assert.Equal(2, Open().Match(PlateReading.Of("AB128CD"), Noon).Count(m => m.Probability > 0.99));
    }

    [Fact]
    public void Apply_FromZero_ReplacesAll()
    {
        var copy = Open();
        copy.Apply(Sign(new WatchlistDelta { ToRevision = 5, Upserts = { Entry("a", "AB12CDE") } }));
        copy.Apply(Sign(new WatchlistDelta { ToRevision = 6, Upserts = { Entry("b", "XX1") } }));
        Assert.Equal(1, copy.Count);
    }

    /// <summary>A lane never works with a part of the list: what it holds counts until the replay is whole, also when that is cut off.</summary>
    [Fact]
    public void Apply_AReplayInSteps_IsInForceAtTheLastOneOnly()
    {
        var copy = Open();
        copy.Apply(Sign(new WatchlistDelta { ToRevision = 5, Upserts = { Entry("a", "AB12CDE"), Entry("b", "XX1") } }));
        WatchlistDelta First() => new() { ToRevision = 3, More = true, Upserts = { Entry("b", "XX1") } };

        Assert.Equal(DeltaOutcome.Collected, copy.Apply(Sign(First())));
        Assert.Equal((5uL, 2, 3uL), (copy.Revision, copy.Count, copy.Reached));
        Assert.Equal((5uL, 2), (Open().Revision, Open().Count));
        Assert.Equal(DeltaOutcome.OutOfStep, copy.Apply(Sign(new WatchlistDelta { FromRevision = 5, ToRevision = 6 }))); // not of this replay

        Assert.Equal(5uL, copy.Begin()); // the stream was cut off
        Assert.Equal(DeltaOutcome.OutOfStep, copy.Apply(Sign(new WatchlistDelta { FromRevision = 3, ToRevision = 4, More = true })));

        copy.Apply(Sign(First()));
        Assert.Equal(DeltaOutcome.Collected, copy.Apply(Sign(new WatchlistDelta { FromRevision = 3, ToRevision = 4, More = true, Upserts = { Entry("c", "XX2") } })));
        Assert.Equal(DeltaOutcome.Applied, copy.Apply(Sign(new WatchlistDelta { FromRevision = 4, ToRevision = 6, RemovedIds = { "b" } })));
        Assert.Equal((6uL, 1), (copy.Revision, copy.Count));
        Assert.Single(Open().Match(PlateReading.Of("XX2"), Noon));
    }

    [Fact]
    public void Apply_WrongStart_ChangesNothing()
    {
        var copy = Open();
        copy.Apply(Sign(new WatchlistDelta { ToRevision = 5, Upserts = { Entry("a", "AB12CDE") } }));
        Assert.Equal(DeltaOutcome.OutOfStep, copy.Apply(Sign(new WatchlistDelta { FromRevision = 4, ToRevision = 6, RemovedIds = { "a" } })));
        Assert.Equal((5uL, 1), (copy.Revision, copy.Count));
    }

    [Fact]
    public void Apply_AnyByteChanged_IsForged()
    {
        var copy = Open();
        var signed = Sign(new WatchlistDelta { ToRevision = 1, Upserts = { Entry("a", "AB12CDE") } });
        for (var i = 0; i < signed.Delta.Length; i++)
        {
            var bytes = signed.Delta.ToByteArray();
            bytes[i] ^= 1;
            Assert.Equal(DeltaOutcome.Forged, copy.Apply(new SignedWatchlistDelta { Delta = ByteString.CopyFrom(bytes), Signature = signed.Signature }));
        }

        Assert.Equal(DeltaOutcome.Forged, copy.Apply(new SignedWatchlistDelta { Delta = signed.Delta }));
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var other = ByteString.CopyFrom(stranger.SignData(signed.Delta.ToByteArray(), HashAlgorithmName.SHA256));
        Assert.Equal(DeltaOutcome.Forged, copy.Apply(new SignedWatchlistDelta { Delta = signed.Delta, Signature = other }));
        Assert.Equal(0uL, copy.Revision);
    }

    [Fact]
    public void Match_AfterExpiry_IsNone()
    {
        var copy = Open();
        copy.Apply(Sign(new WatchlistDelta { ToRevision = 1, Upserts = { Entry("a", "AB12CDE", Noon) } }));
        Assert.Single(copy.Match(PlateReading.Of("AB12CDE"), Noon.AddTicks(-1)));
        Assert.Empty(copy.Match(PlateReading.Of("AB12CDE"), Noon));
    }

    [Fact]
    public void Open_OnADamagedFile_StartsEmpty()
    {
        File.WriteAllText(_file, "{\"Revision\":4,\"Entries\":[{");
        Assert.Equal((0uL, 0), (Open().Revision, Open().Count));
    }

    [Fact]
    public void Match_OfAFuzzyEntry_AllowsOneLookAlikeAlsoAfterARestart()
    {
        Open().Apply(Sign(new WatchlistDelta { ToRevision = 1, Upserts = { Entry("a", "AB128CD", kind: PatternKind.Fuzzy) } }));
        Assert.True(Assert.Single(Open().Match(PlateReading.Of("AB12BCD"), Noon)).Loose);
        Assert.False(Assert.Single(Open().Match(PlateReading.Of("AB128CD"), Noon)).Loose);
    }

    [Fact]
    public void Open_OnAFileWithoutKinds_MatchesItAndAsksForAll()
    {
        File.WriteAllText(_file, """{"Revision":4,"Entries":[{"Id":"a","Pattern":"AB*","Priority":1,"Display":"Stop","Expires":null}]}""");
        Assert.Equal(0uL, Open().Revision);
        Assert.Single(Open().Match(PlateReading.Of("AB12CDE"), Noon));
    }

    private static WireEntry Entry(string id, string pattern, DateTimeOffset? expires = null, PatternKind kind = PatternKind.Exact)
    {
        var entry = new WireEntry { Id = id, Pattern = pattern, Priority = 1, Display = "Stop", Kind = kind };
        if (expires is { } end)
        {
            entry.ExpiresAt = Timestamp.FromDateTimeOffset(end);
        }

        return entry;
    }

    private WatchlistCopy Open() => new(_file, "calais", _authority.WatchlistKey, NullLogger.Instance);

    private SignedWatchlistDelta Sign(WatchlistDelta delta) => new HubMemory { Authority = _authority }.Sign(delta);
}
