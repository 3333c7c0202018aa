using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Audit;

public sealed class AuditLogTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    private string LogPath => Path.Combine(folder.Path, AuditLog.FileName);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Append_ThreeEntries_ChainIsWholeAndHeadIsTheLast()
    {
        var head = Write(3);

        var verdict = AuditVerifier.Verify(folder.Path);

        Assert.Null(verdict.Fault);
        Assert.Equal(3, verdict.Entries);
        Assert.Equal(head, verdict.Head);
    }

    [Fact]
    public void Append_AfterReopening_GoesOnWithTheSameChain()
    {
        Write(2);
        Write(2);

        var verdict = AuditVerifier.Verify(folder.Path);

        Assert.Null(verdict.Fault);
        Assert.Equal(4, verdict.Entries);
    }

    [Fact]
    public void Verify_AnySingleByteChangedAnywhere_IsDetected()
    {
        Write(6);
        var sound = File.ReadAllBytes(LogPath);
        var head = AuditVerifier.Verify(folder.Path).Head;

        // Hex digits and letters inside JSON have an equal in lower and upper case only for hashes; any other bit counts.
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Int[0, 7]).Sample(
            (at, bit) =>
            {
                var changed = (byte[])sound.Clone();
                changed[at] ^= (byte)(1 << bit);
                File.WriteAllBytes(LogPath, changed);
                Assert.NotNull(AuditVerifier.Verify(folder.Path, head).Fault);
            },
            iter: 400, threads: 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void Verify_LineTakenOut_IsDetected(int line)
    {
        Write(6);
        var lines = File.ReadAllLines(LogPath).ToList();
        lines.RemoveAt(line);
        File.WriteAllLines(LogPath, lines);

        Assert.Contains("removed", AuditVerifier.Verify(folder.Path).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_NewestLinesCutOff_IsDetectedByANotedHead()
    {
        var head = Write(6);
        File.WriteAllLines(LogPath, File.ReadAllLines(LogPath)[..4]);

        Assert.Null(AuditVerifier.Verify(folder.Path).Fault);
        Assert.Contains("cut off", AuditVerifier.Verify(folder.Path, head).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_EntryRewrittenWithItsOwnHash_IsDetectedByTheNext()
    {
        Write(3);
        var lines = File.ReadAllLines(LogPath);
        var second = AuditChain.Read(lines[1])!;
        lines[1] = AuditChain.Write(AuditChain.Seal(second with { Person = second.Person! with { Name = "somebody-else" } }));
        File.WriteAllLines(LogPath, lines);

        Assert.StartsWith("line 3", AuditVerifier.Verify(folder.Path).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UnfinishedLastLine_IsDroppedAndSaidSo()
    {
        Write(2);
        File.AppendAllText(LogPath, "{\"number\":3,\"at\":\"2026");

        Write(1);

        Assert.Null(AuditVerifier.Verify(folder.Path).Fault);
        Assert.Contains(File.ReadAllLines(LogPath), l => l.Contains("audit.recovered", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_LastLineIsNoEntry_IsRefused()
    {
        Write(1);
        File.AppendAllText(LogPath, "hello\n");

        Assert.Throws<InputException>(() => new AuditLog(folder.Path, time));
    }

    [Fact]
    public void Append_AnyText_ComesBackAsItWas() => Gen.String.Sample(
        text =>
        {
            using var log = new AuditLog(folder.Path, time);
            var entry = log.Append("someone", "audit.read", about: text);
            Assert.Equal(entry, log.Newest("someone", "audit", 1).Single());
            Assert.Null(AuditVerifier.Verify(folder.Path).Fault);
        },
        iter: 50, threads: 1);

    [Fact]
    public void Newest_FilteredByPersonAndAct_GivesNewestFirst()
    {
        using var log = new AuditLog(folder.Path, time);
        log.Append("anna", "movements.search", about: "1");
        log.Append("ben", "movements.search", about: "2");
        log.Append("anna", "audit.read", about: "3");
        log.Append("anna", "movements.search", about: "4");

        Assert.Equal(["4", "1"], log.Newest("anna", "movements", 10).Select(e => e.About));
    }

    private string Write(int entries)
    {
        using var log = new AuditLog(folder.Path, time);
        for (var i = 0; i < entries; i++)
        {
            log.Append("anna", "movements.search", about: "AB12*", why: "OP:2026-114", result: $"{i} results");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        return log.Head;
    }
}
