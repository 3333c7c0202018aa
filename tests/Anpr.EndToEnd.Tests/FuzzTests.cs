using Anpr.Simulation.Processes;

namespace Anpr.EndToEnd.Tests;

/// <summary>Damaged files and streams, as <c>./anpr bench fuzz</c> reads them by the ten thousand.</summary>
public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-fuzz-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Bench_Fuzz_EveryDamagedInputIsReadOrRefusedInOneLine()
    {
        var (code, said) = await FuzzAsync("--inputs", "120", "--seed", "7");

        Assert.Equal(0, code);
        Assert.Contains("no crash, no hang, no growth, every refusal one line", said, StringComparison.Ordinal);
    }

    /// <summary>That the run above can fail.</summary>
    [Fact]
    public async Task Bench_FuzzWithInputsThatFail_IsCode1AndKeepsThem()
    {
        var (code, said) = await FuzzAsync("--inputs", "9", "--seed", "7", "--break", "--patience", "8");

        Assert.Equal(1, code);
        Assert.Matches(@"FAULT: input 3 \(.*\): its reader ended with 134", said);
        Assert.Matches(@"FAULT: input 5 \(.*\): it hangs \(more than 8 s\)", said);
        Assert.Matches(@"FAULT: input 7 \(.*\): as asked for", said);
        Assert.Equal(3, Directory.GetFiles(Path.Combine(_folder.FullName, "kept")).Length);
    }

    private async Task<(int Code, string Said)> FuzzAsync(params string[] options)
    {
        Needs.Models();
        var program = Path.Combine(Programs.Repository, "tests/Anpr.Benchmarks/bin/Release/net10.0/linux-x64/Anpr.Benchmarks.dll");
        await using var bench = Child.Start("bench", _folder.FullName, program, ["fuzz", "--keep", Path.Combine(_folder.FullName, "kept"), .. options]);
        var code = await bench.Ended;
        var said = string.Join('\n', await bench.Lines.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        output.WriteLine(said);
        return (code, said);
    }
}
