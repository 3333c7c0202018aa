namespace Anpr.Benchmarks.Fuzz;

/// <summary>Adds up what the reading processes said. Callable from any thread.</summary>
internal sealed class FuzzResult(FuzzPlan plan, string kept)
{
    // What the runtime, its code and the pools of native libraries come and go by.
    private const long MostGrowthKb = 64 << 10;
    private const int MostGrowthHandles = 20;

    // Of fewer inputs growth says nothing: caches still fill.
    private const int LeastToGrow = 100;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, int[]> _kinds = new(StringComparer.Ordinal);

    /// <summary>Faults so far.</summary>
    public int Faults { get; private set; }

    /// <summary>An input has ended.</summary>
    public void Add(int index, FuzzOutcome outcome, string words)
    {
        var input = plan.Of(index);
        using var one = _lock.EnterScope();
        if (index < 0)
        {
            outcome = outcome == FuzzOutcome.Read ? outcome : FuzzOutcome.Fault;
        }

        var kind = index < 0 ? "whole, before any damage" : input.Kind;
        if (!_kinds.TryGetValue(kind, out var counts))
        {
            counts = _kinds[kind] = new int[Enum.GetValues<FuzzOutcome>().Length];
        }

        counts[(int)outcome]++;
        if (outcome == FuzzOutcome.Fault)
        {
            Faults++;
            Console.WriteLine($"FAULT: input {index} ({input.Kind}): {words}; kept as {input.WriteTo(Directory.CreateDirectory(kept).FullName)}");
        }
    }

    /// <summary>A process has ended: what it held after a quarter of its inputs and at the end.</summary>
    public void AddMemory(string what, IReadOnlyList<FuzzWord> memory, int inputs)
    {
        if (memory.Count < 2)
        {
            return;
        }

        using var one = _lock.EnterScope();
        var (quarter, end) = (memory[memory.Count / 4], memory[^1]);
        var grown = inputs >= LeastToGrow && (end.ResidentKb - quarter.ResidentKb > MostGrowthKb || end.Handles - quarter.Handles > MostGrowthHandles);
        Faults += grown ? 1 : 0;
        Console.WriteLine(
            $"{(grown ? "GROWTH: " : "")}{what}, {inputs} inputs in one process: resident {quarter.ResidentKb >> 10} MB at a quarter, {end.ResidentKb >> 10} MB at the end, "
            + $"{memory.Max(word => word.ResidentKb) >> 10} MB at most; open files {quarter.Handles} and {end.Handles}");
    }

    /// <summary>Prints the table.</summary>
    /// <returns>True without any fault.</returns>
    public bool Print()
    {
        Console.WriteLine($"{"made of",-26} {"inputs",7} {"read",7} {"refused",8} {"faults",7}");
        foreach (var (kind, counts) in _kinds.Append(new("all damaged", Sum(_kinds.Where(kind => !kind.Key.StartsWith("whole", StringComparison.Ordinal))))))
        {
            Console.WriteLine($"{kind,-26} {counts.Sum(),7} {counts[0],7} {counts[1],8} {counts[2],7}");
        }

        Console.WriteLine(Faults == 0 ? "no crash, no hang, no growth, every refusal one line" : $"FAILED: {Faults}");
        return Faults == 0;
    }

    private static int[] Sum(IEnumerable<KeyValuePair<string, int[]>> kinds) =>
        kinds.Aggregate(new int[3], (sum, kind) => [sum[0] + kind.Value[0], sum[1] + kind.Value[1], sum[2] + kind.Value[2]]);
}
