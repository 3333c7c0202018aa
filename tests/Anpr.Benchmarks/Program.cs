// One line per benchmark; each prints its own table beside its baseline and returns the exit code.
var benchmarks = new SortedDictionary<string, Func<string[], Task<int>>>(StringComparer.Ordinal)
{
};

if (args.Length > 0 && benchmarks.TryGetValue(args[0], out var benchmark))
{
    return await benchmark(args[1..]);
}

Console.Error.WriteLine($"usage: ./anpr bench NAME [options]; NAME is one of: {string.Join(", ", benchmarks.Keys)}");
return 2;
