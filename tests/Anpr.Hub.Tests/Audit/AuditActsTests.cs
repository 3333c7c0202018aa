using System.Text.RegularExpressions;
using Anpr.Hub.Audit;

namespace Anpr.Hub.Tests.Audit;

/// <summary>The acts of the log: named in one place in the code, in one table of docs/audit.md, and written by one desk each.</summary>
public sealed partial class AuditActsTests
{
    // Ways to sign in and out are several places, and exports as JSON lines take their name from what is exported.
    private static readonly string[] Elsewhere = ["session.begin", "session.refused", "session.end", "sightings.export", "vehicles.export", "links.export", "journeys.export", "alerts.export"];

    [Fact]
    public void Table_InTheDocument_IsThatOfTheCode() => Assert.Equal(
        AuditActs.All.Select(a => $"| `{a.Key}` | {AuditKinds.Of(a.Key)} | {a.Value} |"),
        File.ReadAllLines(Path.Combine(Root(), "docs", "audit.md")).Where(line => Row().IsMatch(line)));

    [Fact]
    public void Act_IsWrittenInOnePlace_SoThatEverySurfaceGivesTheSameEntry()
    {
        var hub = Path.Combine(Root(), "hub", "Anpr.Hub");
        var sources = Directory.EnumerateFiles(hub, "*.*", SearchOption.AllDirectories)
            .Where(f => (f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal)) && !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(f => Path.GetFileName(f) is not ("AuditActs.cs" or "AuditKinds.cs"))
            .ToDictionary(f => Path.GetRelativePath(hub, f), File.ReadAllText);

        var places = AuditActs.All.Keys.Except(Elsewhere).ToDictionary(act => act, act => sources.Where(s => s.Value.Contains($"\"{act}\"", StringComparison.Ordinal)).Select(s => s.Key).ToList());

        Assert.All(places, act => Assert.True(PlacesAllowed(act.Key).Contains(act.Value.Count), $"{act.Key}: {string.Join(", ", act.Value)}"));
    }

    [Fact]
    public void Append_AnActThatIsInNoTable_IsRefused()
    {
        using var folder = new TempFolder();
        using var log = new AuditLog(folder.Path, TimeProvider.System);

        Assert.Throws<ArgumentException>(() => log.Append("anna", "watchlist.open"));
        Assert.Null(log.Last);
    }

    // A question that cannot be read is refused by the page of movements, which alone has fields to be misread.
    private static int[] PlacesAllowed(string act) => act is "movements.search" ? [2] : [1];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Anpr.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests are not run from within the repository");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^\| `[a-z_]+\.[a-z_]+` \| [a-z]+ \| ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Row();
}
