using Anpr.Simulation.Processes;

namespace Anpr.EndToEnd.Tests;

public sealed class BenchTests : IDisposable
{
    private readonly DirectoryInfo _logs = Directory.CreateTempSubdirectory("anpr-bench-test-");

    public void Dispose() => _logs.Delete(recursive: true);

    [Theory]
    [InlineData("nothing")]
    [InlineData("alerts", "--badoption")]
    [InlineData("crash", "--kills", "many")]
    [InlineData("passages", "--badoption")]
    [InlineData("reading", "--badoption")]
    [InlineData("syntax", "--badoption")]
    [InlineData("line", "--badoption")]
    [InlineData("cameras", "--faults", "many")]
    [InlineData("line", "--frames", "1")]
    public async Task Bench_BadUsage_IsCode2AndSaysWhat(params string[] arguments)
    {
        var program = Path.Combine(Programs.Repository, "tests/Anpr.Benchmarks/bin/Release/net10.0/linux-x64/Anpr.Benchmarks.dll");
        await using var bench = Child.Start("bench", _logs.FullName, program, arguments);

        Assert.Equal(2, await bench.Ended);
        Assert.Contains("See ./anpr bench --help", bench.LastWords, StringComparison.Ordinal);
    }
}
