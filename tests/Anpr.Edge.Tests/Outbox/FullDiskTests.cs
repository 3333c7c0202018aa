using System.Diagnostics;
using Anpr.Edge.Outbox;
using Anpr.Edge.Passage;
using Anpr.Edge.Tests.Hub;
using static Anpr.Edge.Tests.Outbox.Passages;
using static Anpr.Edge.Tests.Outbox.PassageOutboxTests;

namespace Anpr.Edge.Tests.Outbox;

/// <summary>A real full disk: a tmpfs of 8 MB, 3 MB of them kept free. Needs root.</summary>
[Collection(nameof(Processes))]
public sealed class FullDiskTests
{
    private const int Count = 40;

    [Fact]
    public async Task Append_OnAFullDisk_KeepsAllTextAndGivesUpTheOldestOverviews()
    {
        using var folder = new OutboxFolder();
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder.Path), "only root may mount a small disk");
        try
        {
            var passages = Enumerable.Range(0, Count).Select(_ => Guid.CreateVersion7(Noon)).ToList();
            await using (var outbox = await folder.OpenAsync(reserveMegabytes: 3))
            {
                var faults = 0;
                foreach (var (passage, i) in passages.Select((p, i) => (p, i)))
                {
                    outbox.Append(Change(passage, Guid.CreateVersion7(Noon), 1, RecordStage.Closed, Overview(i)));
                    await Eventually.HoldsAsync(
                        () =>
                        {
                            if (outbox.Snapshot().Condition == OutboxCondition.Fault)
                            {
                                faults++;
                                folder.Time.Advance(TimeSpan.FromSeconds(5));
                            }

                            return outbox.Snapshot().Unwritten == 0;
                        },
                        "the disk to take it");
                }

                var all = outbox.After(0, int.MaxValue).Select(Parse).ToList();
                var got = all.Where(m => m.Passage is not null).Select(m => m.Passage.Id).ToList();
                TestContext.Current.TestOutputHelper?.WriteLine($"order {string.Join(',', got.Select(g => passages.FindIndex(p => p.ToString() == g)))} {outbox.Snapshot()}");
                Assert.Equal(passages.Select(p => p.ToString()), got);
                TestContext.Current.TestOutputHelper?.WriteLine($"{faults} faults of the file itself, {outbox.Snapshot().DroppedOverviews} overviews given up");
                Assert.InRange(outbox.Snapshot().DroppedOverviews, 1, Count - 1);
            }

            await using (var again = await folder.OpenAsync())
            {
                Assert.Equal(Count, again.Snapshot().ClosedTotal);
            }
        }
        finally
        {
            Run("umount", "-l", folder.Path);
        }
    }

    private static byte[] Overview(int seed)
    {
        var jpeg = new byte[250_000];
        new Random(seed).NextBytes(jpeg);
        return jpeg;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
