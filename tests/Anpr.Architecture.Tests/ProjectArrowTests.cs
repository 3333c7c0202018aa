using System.Xml.Linq;

namespace Anpr.Architecture.Tests;

/// <summary>Who may know whom, read from the project files themselves.</summary>
public sealed class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Anpr.Proto"] = [],
        ["Anpr.Models"] = [],
        ["Anpr.Hardware"] = [],
        ["Anpr.Simulation"] = ["Anpr.Hardware", "Anpr.Models"],
        ["Anpr.Edge"] = ["Anpr.Hardware", "Anpr.Models", "Anpr.Proto"],
        ["Anpr.Hub"] = ["Anpr.Models", "Anpr.Proto"],
    };

    [Fact]
    public void Projects_know_only_whom_they_may()
    {
        var projects = Projects();
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), projects.Keys.Order(StringComparer.Ordinal));
        Assert.All(projects, project => Assert.Empty(project.Value.Except(Allowed[project.Key], StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Anpr.sln")).Replace('\\', '/');
        Assert.All(Repository.Files("*.csproj"), file => Assert.Contains(Path.GetRelativePath(Repository.Root, file), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void No_package_version_stands_outside_the_central_file() =>
        Assert.All(Repository.Files("*.csproj"), file => Assert.DoesNotContain("Version=\"", File.ReadAllText(file), StringComparison.Ordinal));

    private static Dictionary<string, string[]> Projects() => Repository.Files("*.csproj")
        .Where(f => !f.Contains("/tests/", StringComparison.Ordinal))
        .ToDictionary(
            f => Path.GetFileNameWithoutExtension(f),
            f => XDocument.Load(f).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)).ToArray(),
            StringComparer.Ordinal);
}
