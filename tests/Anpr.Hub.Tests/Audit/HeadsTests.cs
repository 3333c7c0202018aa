using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Proto.V1;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Audit;

/// <summary>Heads that lanes hold find out a log that an administrator has written anew.</summary>
public sealed class HeadsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync(time);

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Follow_AfterAnHour_BringsTheLaneASignedHead()
    {
        var stop = TestContext.Current.CancellationToken;
        var client = new Lane.LaneClient(hub.Channel(await hub.EnrolAsync("calais", "calais-1")));
        using var call = client.FollowWatchlist(new FollowWatchlistRequest(), cancellationToken: stop);
        await call.ResponseHeadersAsync;
        var log = hub.Get<AuditLog>();

        time.Advance(HeadKeeper.Every);
        Assert.True(await call.ResponseStream.MoveNext(stop));

        var signed = Assert.Single(call.ResponseStream.Current.AuditHeads);
        using var key = SigningKey.Read(hub.Files);
        var head = Anpr.Hub.Audit.AuditHead.Read(Line(signed), key)!;
        Assert.Equal((log.Head, log.Replica), ($"{head.Number}:{head.Hash}", head.Replica));
        Assert.True(call.ResponseStream.Current.Delta.IsEmpty);
        Assert.Null(AuditVerifier.Verify(hub.Files.Path, heads: [head]).Fault);
    }

    [Fact]
    public async Task Verify_LogThatWasWrittenAnewAsAWhole_IsFoundOutByHeads()
    {
        Look(20);
        var head = await SignAsync();
        Look(5);

        // Its chain is flawless, its name the same: only somebody else remembers.
        using var other = new TempFolder();
        Rewrite(other.Path, e => e.About == "AB7*" ? e with { Content = e.Content! with { About = "nothing of interest" } } : e);

        Assert.Null(AuditVerifier.Verify(other.Path).Fault);
        Assert.Contains("written anew", AuditVerifier.Verify(other.Path, heads: [head]).Fault, StringComparison.Ordinal);
        Assert.Null(AuditVerifier.Verify(hub.Files.Path, heads: [head]).Fault);
    }

    [Fact]
    public async Task Verify_LogThatWasBegunAnewUnderAnotherName_IsFoundOutByHeads()
    {
        Look(20);
        var head = await SignAsync();

        using var other = new TempFolder();
        Rewrite(other.Path, e => e with { Replica = "another-name" });

        Assert.Null(AuditVerifier.Verify(other.Path).Fault);
        Assert.Contains("begun anew", AuditVerifier.Verify(other.Path, heads: [head]).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_LogThatWasCutOff_IsFoundOutByHeads()
    {
        Look(20);
        var head = await SignAsync();

        using var other = new TempFolder();
        File.WriteAllLines(Path.Combine(other.Path, AuditLog.FileName), File.ReadLines(hub.Files.File(AuditLog.FileName)).Take(10));

        Assert.Contains("cut off", AuditVerifier.Verify(other.Path, heads: [head]).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_OfContent_LeavesTheHeadsThatLanesHoldGood()
    {
        Look(20);
        var head = await SignAsync();

        hub.Get<AuditLog>().Erase(e => e.About == "AB7*", whole: true, "anna", "a request", "DPA:47");

        var verdict = AuditVerifier.Verify(hub.Files.Path, heads: [head]);
        Assert.Equal((null, 1, 1), (verdict.Fault, verdict.Erased, verdict.Heads));
    }

    [Fact]
    public async Task Verify_Command_ReadsWhatALanePrints()
    {
        Look(3);
        var head = await SignAsync();
        var file = hub.Files.File("heads.jsonl");
        await File.WriteAllTextAsync(file, Line(head.Signed) + "\n", TestContext.Current.CancellationToken);

        var good = await HubProcess.RunAsync("verify", "--data", hub.Files.Path, "--heads", file);
        Assert.Equal(0, good.Code);
        Assert.Contains("1 heads of lanes are in it", good.Out, StringComparison.Ordinal);

        await File.AppendAllTextAsync(file, "{}\n", TestContext.Current.CancellationToken);
        var bad = await HubProcess.RunAsync("verify", "--data", hub.Files.Path, "--heads", file);
        Assert.Equal(2, bad.Code);
        Assert.Contains("heads.jsonl:2", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_HeadWithAnyByteChanged_IsNoHead()
    {
        Look(3);
        var signed = (await SignAsync()).Signed;
        using var key = SigningKey.Read(hub.Files);
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.Int[0, signed.Head.Length - 1], CsCheck.Gen.Byte[1, 255]), (at, flip) =>
        {
            var bytes = signed.Head.ToByteArray();
            bytes[at] ^= flip;
            Assert.Null(Anpr.Hub.Audit.AuditHead.Read(Line(new SignedAuditHead { Head = ByteString.CopyFrom(bytes), Signature = signed.Signature }), key));
        });
        CsCheck.Check.Sample(CsCheck.Gen.String, line => Assert.Null(Anpr.Hub.Audit.AuditHead.Read(line, key)));
    }

    [Fact]
    public async Task Stop_SignsTheLastHead()
    {
        Look(2);
        var store = hub.Get<IStore>();
        var before = store.Count(Anpr.Hub.Audit.AuditHead.Table);

        await hub.Get<HeadKeeper>().StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, 1), (before, store.Count(Anpr.Hub.Audit.AuditHead.Table)));
        Assert.Equal(hub.Get<AuditLog>().Head, hub.Get<HeadKeeper>().Newest() is [var head] ? $"{head.Number}:{head.Hash}" : "");
    }

    [Fact]
    public async Task Collection_OfAMinute_IsOneEntryWithEachLaneAndItsRecords()
    {
        var lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1", time);
        for (var i = 0; i < 3; i++)
        {
            await lane.SendAsync(lane.Sighting($"AB1{i}CDE", Guid.NewGuid().ToString(), [1], []));
        }

        hub.Get<CollectionLog>().Write();
        hub.Get<CollectionLog>().Write();

        var entry = Assert.Single(hub.Get<AuditLog>().Newest("hub", AuditKinds.Collection, 10));
        Assert.Equal(("collection", "calais/calais-1 3", 3L), (entry.Kind, entry.About, entry.Records));
    }

    private static string Line(SignedAuditHead signed) =>
        JsonSerializer.Serialize(new { head = signed.Head.ToByteArray(), signature = signed.Signature.ToByteArray() });

    private void Look(int times)
    {
        for (var i = 0; i < times; i++)
        {
            hub.Get<AuditLog>().Append("anna", "movements.search", about: $"AB{i}*", why: "OP:1", records: i);
        }
    }

    private async Task<Anpr.Hub.Audit.AuditHead> SignAsync()
    {
        await hub.Get<HeadKeeper>().SignAsync();
        return Assert.Single(hub.Get<HeadKeeper>().Newest());
    }

    private void Rewrite(string folder, Func<AuditEntry, AuditEntry> change)
    {
        AuditEntry? last = null;
        File.WriteAllLines(Path.Combine(folder, AuditLog.FileName), File.ReadLines(hub.Files.File(AuditLog.FileName)).Select(line =>
        {
            last = AuditChain.Seal(change(AuditChain.Read(line)!) with { Previous = last?.Hash ?? AuditChain.Root });
            return AuditChain.Write(last);
        }).ToList());
    }
}
