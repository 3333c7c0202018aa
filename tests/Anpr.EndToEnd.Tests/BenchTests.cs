using Anpr.Simulation.Processes;

namespace Anpr.EndToEnd.Tests;

public sealed class BenchTests : IDisposable
{
    private static readonly string Program = Path.Combine(Programs.Repository, "tests/Anpr.Benchmarks/bin/Release/net10.0/linux-x64/Anpr.Benchmarks.dll");

    private readonly DirectoryInfo _logs = Directory.CreateTempSubdirectory("anpr-bench-test-");

    public void Dispose() => _logs.Delete(recursive: true);

    [Theory]
    [InlineData("nothing")]
    [InlineData("alerts", "--badoption")]
    [InlineData("crash", "--kills", "many")]
    [InlineData("fuzz", "--inputs", "0")]
    [InlineData("fuzz", "--inputs", "many")]
    [InlineData("passages", "--badoption")]
    [InlineData("reading", "--badoption")]
    [InlineData("reading", "--passages", "-1")]
    [InlineData("confidence", "--passages", "0")]
    [InlineData("confidence", "--passages", "many")]
    [InlineData("syntax", "--badoption")]
    [InlineData("line", "--badoption")]
    [InlineData("cameras", "--faults", "many")]
    [InlineData("line", "--frames", "1")]
    [InlineData("line", "--frames", "many")]
    public async Task Bench_BadUsage_IsCode2AndSaysWhat(params string[] arguments)
    {
        await using var bench = Child.Start("bench", _logs.FullName, Program, arguments);

        Assert.Equal(2, await bench.Ended);
        Assert.Contains("See ./anpr bench --help", bench.LastWords, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confidence_OneThreadOrTwo_TheSameTable()
    {
        var one = await TableAsync("--threads", "1");
        var two = await TableAsync("--threads", "2");
        var other = await TableAsync("--seed", "2");

        Assert.Contains(one, line => line.StartsWith("rendered passages with a confidence", StringComparison.Ordinal) && line.EndsWith(" 3", StringComparison.Ordinal));
        Assert.Equal(one, two);
        Assert.NotEqual(one, other);
    }

    private async Task<string[]> TableAsync(params string[] options)
    {
        var said = await Tool.RunAsync("bench", _logs.FullName, Program, TestContext.Current.CancellationToken, ["confidence", "--passages", "3", .. options]);
        return [.. said.Split('\n').SkipWhile(line => !line.StartsWith("figure ", StringComparison.Ordinal))];
    }
}
