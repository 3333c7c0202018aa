using Anpr.Hub.Audit;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Audit;

/// <summary>What entries say can be erased; that they were there, and that they were erased, cannot.</summary>
public sealed class ErasureTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    private string LogPath => Path.Combine(folder.Path, AuditLog.FileName);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Erase_AnyOfTheEntries_LeavesTheChainWholeAndNothingOfTheirContent() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, int.MaxValue], Gen.Bool).Sample(
        (count, chosen, whole) =>
        {
            File.Delete(LogPath);
            var random = new Random(chosen);
            var wanted = Enumerable.Range(1, count).Where(_ => random.Next(2) == 0).Select(i => $"SECRET{i}X").ToHashSet(StringComparer.Ordinal);
            using var log = new AuditLog(folder.Path, time);
            for (var i = 1; i <= count; i++)
            {
                log.Append($"person{i}x", "movements.search", about: $"SECRET{i}X", why: "OP:1", records: i);
            }

            var head = log.Head;
            Assert.Equal(wanted.Count, log.Erase(e => wanted.Contains(e.About), whole, "anna", "a request", "DPA:47"));

            var verdict = AuditVerifier.Verify(folder.Path, head);
            Assert.Null(verdict.Fault);
            Assert.Equal(wanted.Count, verdict.Erased);
            var text = File.ReadAllText(LogPath);
            Assert.DoesNotContain(wanted, secret => text.Contains(secret, StringComparison.Ordinal));
            Assert.Equal(count - wanted.Count, Enumerable.Range(1, count).Count(i => text.Contains($"SECRET{i}X", StringComparison.Ordinal)));
            Assert.Equal(!whole || wanted.Count == 0, Enumerable.Range(1, count).All(i => text.Contains($"person{i}x", StringComparison.Ordinal)));
            Assert.Equal(Enumerable.Range(1, count).Sum(i => (long)i), log.Newest("", "movements", int.MaxValue).Sum(e => e.Records));
        },
        iter: 40, threads: 1);

    [Fact]
    public void Verify_EntriesErasedBetweenItsTwoReadings_IsReadAnew()
    {
        Write(5);
        var before = Lines();
        using (var log = new AuditLog(folder.Path, time))
        {
            log.Erase(e => e.Number == 2, whole: false, "anna", "a request", "DPA:47");
        }

        var after = Lines();
        var readings = new Queue<List<AuditLine>>([before, after, after, after]);
        Assert.Null(AuditVerifier.Verify(readings.Dequeue, null, []).Fault);

        List<AuditLine> Lines()
        {
            using var file = AuditFile.Open(LogPath);
            return [.. AuditFile.Lines(file)];
        }
    }

    [Fact]
    public void Verify_ContentTakenOutOfTheFileByHand_IsNamed()
    {
        Write(5);
        var lines = File.ReadAllLines(LogPath);
        lines[2] = AuditChain.Write(AuditChain.Read(lines[2])! with { Content = null });
        File.WriteAllLines(LogPath, lines);

        Assert.Equal("line 3: the content of entry 3 was erased, and no entry says so", AuditVerifier.Verify(folder.Path).Fault);
    }

    [Fact]
    public void Verify_PersonTakenOutWhereOnlyTheContentWasErased_IsNamed()
    {
        Write(5);
        using (var log = new AuditLog(folder.Path, time))
        {
            log.Erase(e => e.Number == 2, whole: false, "anna", "a request", "DPA:47");
        }

        var lines = File.ReadAllLines(LogPath);
        lines[1] = AuditChain.Write(AuditChain.Read(lines[1])! with { Person = null });
        File.WriteAllLines(LogPath, lines);

        Assert.StartsWith("line 2", AuditVerifier.Verify(folder.Path).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_SealOfAnErasedEntryChanged_IsNamed()
    {
        Write(5);
        using (var log = new AuditLog(folder.Path, time))
        {
            log.Erase(e => e.Number == 2, whole: true, "anna", "a request", "DPA:47");
        }

        var lines = File.ReadAllLines(LogPath);
        lines[1] = AuditChain.Write(AuditChain.Read(lines[1])! with { ContentSeal = new string('0', 64) });
        File.WriteAllLines(LogPath, lines);

        Assert.StartsWith("line 2", AuditVerifier.Verify(folder.Path).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterACrashWhileLinesWereOverwritten_FinishesTheErasure()
    {
        Write(3);
        var before = File.ReadAllBytes(LogPath);
        using (var log = new AuditLog(folder.Path, time))
        {
            log.Erase(e => e.Number is 1 or 2, whole: false, "anna", "a request", "DPA:47");
        }

        // As a kill leaves it that came when the erasing entry was on disk and half of the first line was overwritten.
        var after = File.ReadAllBytes(LogPath);
        var wiped = AuditFileLines(after).Take(2).ToList();
        var half = before.AsSpan().CommonPrefixLength(after) + 20;
        byte[] torn = [.. after[..half], .. before[half..], .. after[before.Length..]];
        File.WriteAllBytes(LogPath, torn);
        new WipeJournal(folder.Path).Write([.. wiped.Select(w => new WipedLine(w.Offset, w.Bytes, AuditChain.Read(w.Text)!))], 4);
        Assert.NotNull(AuditVerifier.Verify(folder.Path).Fault);

        new AuditLog(folder.Path, time).Dispose();

        Assert.Equal(after, File.ReadAllBytes(LogPath));
        Assert.Null(AuditVerifier.Verify(folder.Path).Fault);
        Assert.False(new WipeJournal(folder.Path).IsOpen);
    }

    [Fact]
    public void Open_AfterACrashBeforeTheErasingEntry_ErasesNothing()
    {
        Write(3);
        var before = File.ReadAllBytes(LogPath);
        var line = AuditFileLines(before).First();
        new WipeJournal(folder.Path).Write([new WipedLine(line.Offset, line.Bytes, AuditChain.Read(line.Text)! with { Content = null })], 4);

        new AuditLog(folder.Path, time).Dispose();

        Assert.Equal(before, File.ReadAllBytes(LogPath));
        Assert.False(new WipeJournal(folder.Path).IsOpen);
    }

    [Fact]
    public void ErasedEntries_AnyNumbers_ComeBackAsTheyWere() => Gen.Select(Gen.Long[1, 200].Array[1, 60], Gen.Bool).Sample((numbers, whole) =>
    {
        var set = numbers.ToHashSet();
        var read = ErasedEntries.Read(ErasedEntries.Of(whole, set.Order()).ToString())!;
        Assert.Equal(whole, read.Whole);
        Assert.All(Enumerable.Range(0, 203), n => Assert.Equal(set.Contains(n), ErasedEntries.Join([read]).Covers(n)));
    });

    [Fact]
    public void ErasedEntries_AnyText_IsReadAsItsOwnWordsOrNotAtAll() => Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789- acontel"], 1, 30].Select(t => "content " + t)).Sample(text =>
    {
        if (ErasedEntries.Read(text) is { } read)
        {
            Assert.Equal(read.Ranges, ErasedEntries.Read(read.ToString())!.Ranges);
        }
    });

    [Fact]
    public void Lines_OfAnyFile_AreTheSameForwardsAndBackwards() => Gen.Byte[0, 12].Select(b => b == 10 ? (byte)'\n' : (byte)('a' + b)).Array[0, 70_000].Sample(
        bytes =>
        {
            var path = Path.Combine(folder.Path, "lines");
            File.WriteAllBytes(path, bytes);
            using var file = AuditFile.Open(path);
            var forwards = AuditFile.Lines(file).ToList();
            Assert.Equal(forwards.Select(l => l.Text).Reverse(), AuditFile.Backwards(file));
            Assert.All(forwards, l => Assert.Equal(l.Text, System.Text.Encoding.UTF8.GetString(bytes, (int)l.Offset, l.Bytes)));
            Assert.Equal(bytes.Count(b => b == '\n'), forwards.Count);
        },
        iter: 100, threads: 1);

    private static List<AuditLine> AuditFileLines(byte[] bytes)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            using var file = AuditFile.Open(path);
            return [.. AuditFile.Lines(file)];
        }
        finally
        {
            File.Delete(path);
        }
    }

    private void Write(int entries)
    {
        using var log = new AuditLog(folder.Path, time);
        for (var i = 0; i < entries; i++)
        {
            log.Append("anna", "movements.search", about: $"AB{i}*", why: "OP:2026-114", records: i);
        }
    }
}
