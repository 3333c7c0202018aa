using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Anpr.Architecture.Tests;

/// <summary>One direction: an edge stage knows the records of the stages before it and nothing of those after it.</summary>
public sealed class StageArrowTests
{
    // The picture of the data's way. Ops joins the stages and may know them all.
    private static readonly string[] Way = ["Capture", "Detect", "Read", "Track", "Sense", "Passage", "Score", "LaneAlert", "Outbox", "Uplink"];

    // Records that travel with a passage although a later stage fills them.
    private static readonly string[] Travelling = ["Anpr.Edge.Score.Evidence"];

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Edge =
        new(() => new ArchLoader().LoadAssemblies(System.Reflection.Assembly.Load("anpr-edge")).Build());

    [Theory]
    [MemberData(nameof(Stages))]
    public void Stage_knows_no_later_stage_and_not_the_host(string stage)
    {
        var later = Way.Skip(Array.IndexOf(Way, stage) + 1).Append("Ops").Select(s => "Anpr.Edge." + s).ToHashSet(StringComparer.Ordinal);
        var reached = Edge.Value.Types
            .Where(t => t.Namespace?.FullName == "Anpr.Edge." + stage)
            .SelectMany(t => t.Dependencies.Select(d => (From: t.FullName, To: d.Target)))
            .Where(d => d.To.Namespace is { } n && later.Contains(n.FullName) && !Travelling.Contains(d.To.FullName, StringComparer.Ordinal))
            .Select(d => $"{d.From} -> {d.To.FullName}")
            .Distinct(StringComparer.Ordinal);
        Assert.Empty(reached);
    }

    [Fact]
    public void Every_stage_folder_is_on_the_way_or_is_ops()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "edge/Anpr.Edge")).Select(d => Path.GetFileName(d)!)
            .Except(["bin", "obj", "Ops", "Properties"], StringComparer.Ordinal);
        Assert.Empty(folders.Except(Way, StringComparer.Ordinal));
    }

    public static TheoryData<string> Stages() => [.. Way];
}
