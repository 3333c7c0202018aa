using System.Security.Cryptography;
using Anpr.Edge.Uplink;
using CsCheck;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Tests.Uplink;

public sealed class AuditHeadsTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("anpr-heads").FullName, AuditHeads.FileName);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);
    }

    [Fact]
    public void Take_HeadsOfTwoHubs_AreKeptInOrderWithWhatWasSigned()
    {
        var heads = Open();
        heads.Take([Head("calais", 1), Head("dover", 7)]);
        heads.Take([Head("calais", 1)]); // sent again at a new connection
        Open().Take([Head("calais", 1), Head("calais", 5)]); // the box was started anew

        Assert.Equal([("calais", 1ul), ("dover", 7ul), ("calais", 5ul)], Kept().Select(l => (l.Replica, l.Number)));
        Assert.All(Kept(), l => Assert.True(_key.VerifyData((byte[])[.. "anpr audit head\n"u8, .. l.Head], l.Signature, HashAlgorithmName.SHA256)));
    }

    [Fact]
    public void Take_LogThatGoesBackOrChanges_KeepsBothHeads()
    {
        var heads = Open();
        heads.Take([Head("calais", 5)]);
        heads.Take([Head("calais", 5, "b")]);
        heads.Take([Head("calais", 2)]);

        Assert.Equal([(5ul, "a"), (5ul, "b"), (2ul, "a")], Kept().Select(l => (l.Number, l.Hash)));
    }

    [Fact]
    public void Take_AnythingThatTheHubHasNotSigned_IsNotKept()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var head = Head("calais", 1);
        var delta = new Wire.WatchlistDelta { ToRevision = 3 }.ToByteString();
        Open().Take(
        [
            Signed(other, head.Head),
            new Wire.SignedAuditHead { Head = head.Head, Signature = ByteString.CopyFrom(_key.SignData(head.Head.ToByteArray(), HashAlgorithmName.SHA256)) }, // as a delta is signed
            new Wire.SignedAuditHead { Head = delta, Signature = ByteString.CopyFrom(_key.SignData(delta.ToByteArray(), HashAlgorithmName.SHA256)) },
            new Wire.SignedAuditHead(),
        ]);

        Assert.Empty(Kept());
    }

    [Fact]
    public void Take_MoreThanAnHourMayBring_DoesNotPushOutWhatIsKept()
    {
        var heads = Open();
        heads.Take(Enumerable.Range(1, 1000).Select(i => Head("calais", (ulong)i)));
        Assert.Equal(AuditHeads.MostAnHour, Kept().Count);

        _time.Advance(TimeSpan.FromHours(1));
        heads.Take([Head("calais", 2000)]);
        Assert.Equal(2000ul, Kept()[^1].Number);
    }

    [Fact]
    public void Take_WhatTheDiskRefused_IsKeptWhenItComesAgain()
    {
        var heads = Open();
        Directory.CreateDirectory(_file); // nothing can be written there
        for (var i = 0; i <= AuditHeads.MostAnHour; i++)
        {
            heads.Take([Head("calais", 1)]);
        }

        Directory.Delete(_file);
        heads.Take([Head("calais", 1)]);

        Assert.Equal([1ul], Kept().Select(l => l.Number));
    }

    [Fact]
    public void Read_FileThatACrashHasTorn_GivesItsWholeLinesAndGoesOn()
    {
        Open().Take([Head("calais", 1)]);
        File.AppendAllText(_file, "{\"replica\":\"calais\",\"num");
        _time.Advance(TimeSpan.FromHours(1));

        Open().Take([Head("calais", 2)]);

        Assert.Equal([1ul, 2ul], Kept().Select(l => l.Number));
    }

    [Fact]
    public void Read_AnyFile_NeverThrows() => Gen.String.Array[0, 5].Sample(
        lines =>
        {
            File.WriteAllLines(_file, lines);
            Assert.True(Kept().Count <= lines.Sum(l => l.Split('\n', '\r').Length));
        },
        iter: 100, threads: 1);

    [Fact]
    public void Kept_IsAYearOfEveryHour() => Assert.True(AuditHeads.Kept >= AuditHeads.MostAnHour * TimeSpan.FromDays(366).TotalHours);

    private AuditHeads Open() => new(_file, _key, _time, NullLogger.Instance);

    private List<AuditHeads.Line> Kept() => [.. AuditHeads.Read(_file)];

    private Wire.SignedAuditHead Head(string replica, ulong number, string hash = "a") =>
        Signed(_key, new Wire.AuditHead { Replica = replica, Number = number, Hash = hash, At = _time.GetUtcNow().ToTimestamp() }.ToByteString());

    private static Wire.SignedAuditHead Signed(ECDsa key, ByteString head) =>
        new() { Head = head, Signature = ByteString.CopyFrom(key.SignData((byte[])[.. "anpr audit head\n"u8, .. head.Span], HashAlgorithmName.SHA256)) };
}
