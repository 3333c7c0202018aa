using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Anpr.Edge.Passage;
using static Anpr.Edge.Tests.Outbox.Passages;
using static Anpr.Edge.Tests.Outbox.PassageOutboxTests;

namespace Anpr.Edge.Tests.Outbox;

/// <summary>Tests that start processes: between fork and exec these hold every file and lock of the test program.</summary>
[CollectionDefinition(nameof(Processes), DisableParallelization = true)]
public sealed class Processes;

/// <summary>kill -9 of a real process that writes and settles as fast as it can.</summary>
[Collection(nameof(Processes))]
public sealed class OutboxKillTests
{
    private const string Folder = "ANPR_OUTBOX_CHILD";

    /// <summary>The child: passages come, are revised, closed and answered; each commit is told on stdout.</summary>
    [Fact(Explicit = true)]
    public async Task Child_WritesUntilItIsKilled()
    {
        var folder = Environment.GetEnvironmentVariable(Folder);
        Assert.SkipWhen(folder is null, "run by the test beside it");
        await using var outbox = new Edge.Outbox.PassageOutbox(
            folder,
            new Edge.Outbox.OutboxOptions(),
            "control",
            () => true,
            committed =>
            {
                foreach (var c in committed)
                {
                    Console.WriteLine($"@{(c.Closed ? "closed" : "open")} {c.Passage}");
                }
            },
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await outbox.Opened;
        Console.WriteLine("@ready");
        var random = new Random(1);
        while (true)
        {
            var (passage, sighting, last) = (Guid.CreateVersion7(), Guid.CreateVersion7(), random.Next(1, 4));
            for (var revision = 1; revision <= last; revision++)
            {
                var stage = revision == last ? RecordStage.Closed : RecordStage.Revised;
                await AppendAsync(outbox, Change(passage, sighting, revision, stage, overview: [(byte)revision, .. passage.ToByteArray()]));
            }

            foreach (var message in outbox.After(0, random.Next(8)))
            {
                outbox.Settle(message.Sequence, Edge.Outbox.Settlement.Acknowledged, "");
                Console.WriteLine($"@answered {message.Record} {message.Revision}");
            }
        }
    }

    [Fact]
    public async Task Kill_AtAnyMoment_LosesNoClosedPassageAndStoresNoneTwice()
    {
        using var folder = new OutboxFolder();
        var (closed, seen, answered) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new HashSet<(string, string)>());
        foreach (var lines in new[] { 3, 17, 40, 101 })
        {
            await RunAndKillAsync(folder.Path, lines, (word, a, b) =>
            {
                _ = word switch
                {
                    "closed" => closed.Add(a) & seen.Add(a),
                    "open" => seen.Add(a),
                    _ => answered.Add((a, b)),
                };
            });
        }

        await using var outbox = await folder.OpenAsync();
        var held = outbox.After(0, int.MaxValue).Select(Parse).ToList();
        var keys = held.Select(m => m.Sighting is { } s ? (s.Id, s.Revision) : (m.Passage.Id, m.Passage.Revision)).ToList();
        Assert.Equal(keys.Count, keys.Distinct().Count());

        // A closed passage is either still held as closed, or the child had an answer for some revision of it.
        var heldClosed = held.Where(m => m.Passage is { Stage: Anpr.Proto.V1.Stage.Closed }).Select(m => m.Passage.Id).ToHashSet(StringComparer.Ordinal);
        var answeredIds = answered.Select(a => a.Item1).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(closed);
        Assert.DoesNotContain(seen, id => !heldClosed.Contains(id) && !answeredIds.Contains(id));
        Assert.DoesNotContain(held, m => m.Passage is { } p && !heldClosed.Contains(p.Id));
        Assert.True(outbox.Snapshot().ClosedTotal >= closed.Count);
    }

    private static async Task RunAndKillAsync(string folder, int lines, Action<string, string, string> told)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { Assembly.GetExecutingAssembly().Location, "-explicit", "only", "-noLogo", "-method", $"*{nameof(Child_WritesUntilItIsKilled)}" })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[Folder] = folder;
        using var child = Process.Start(start)!;
        try
        {
            var count = 0;
            while (count < lines && await child.StandardOutput.ReadLineAsync() is { } line)
            {
                count += Note(line, told);
            }

            Assert.True(count >= lines, string.Create(CultureInfo.InvariantCulture, $"the child ended by itself after {count} lines"));
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }

        while (await child.StandardOutput.ReadLineAsync() is { } rest)
        {
            Note(rest, told);
        }
    }

    private static int Note(string line, Action<string, string, string> told)
    {
        var words = line.Split(' ');
        // The last line may be cut by the kill.
        if (words.Length < 2 || !line.StartsWith('@') || words[1].Length != 36)
        {
            return 0;
        }

        told(words[0][1..], words[1], words.ElementAtOrDefault(2) ?? "");
        return 1;
    }
}
