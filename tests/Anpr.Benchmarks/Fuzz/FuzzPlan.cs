namespace Anpr.Benchmarks.Fuzz;

/// <summary>One input.</summary>
/// <param name="Index">Its number; below 0: a whole original.</param>
/// <param name="Kind">What it was made of, for the table.</param>
/// <param name="Files">Names and bytes; several: a folder of pictures.</param>
internal sealed record FuzzInput(int Index, string Kind, IReadOnlyList<(string Name, byte[] Bytes)> Files)
{
    /// <summary>Writes it into a folder.</summary>
    /// <returns>The address to read: its file, or its own folder.</returns>
    public string WriteTo(string folder)
    {
        var own = Files.Count == 1 ? folder : Directory.CreateDirectory(Path.Combine(folder, $"input-{Index}")).FullName;
        foreach (var (name, bytes) in Files)
        {
            File.WriteAllBytes(Path.Combine(own, name), bytes);
        }

        return Files.Count == 1 ? Path.Combine(own, Files[0].Name) : own;
    }
}

/// <summary>All inputs, each by its number alone: any process can make any of them.</summary>
internal sealed class FuzzPlan
{
    // One input in so many, each.
    private const int StreamEvery = 33;
    private const int FolderEvery = 32;
    private const int ClipEvery = 10;
    private const int NoiseEvery = 25;
    private const int OtherEndingEvery = 20;
    private const int PicturesInAFolder = 4;

    private static readonly string[] OtherEndings = [".bin", ".jpg", ".png", ".tif", ".mp4", ".avi", ".ts", ""];

    private readonly int _seed;
    private readonly (string Name, byte[] Bytes)[] _all;
    private readonly (string Name, byte[] Bytes)[] _pictures;
    private readonly (string Name, byte[] Bytes)[] _clips;
    private readonly (string Name, byte[] Bytes) _stream;

    /// <param name="originals">The folder of <see cref="Originals"/>.</param>
    /// <param name="seed">Another seed, other inputs.</param>
    public FuzzPlan(string originals, int seed)
    {
        _seed = seed;
        _all = [.. Directory.EnumerateFiles(originals).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))];
        _pictures = [.. _all.Where(original => original.Name.StartsWith("picture", StringComparison.Ordinal))];
        _clips = [.. _all.Where(original => original.Name.StartsWith("video", StringComparison.Ordinal))];
        _stream = _all.Single(original => original.Name == Originals.Stream);
    }

    /// <summary>Whole originals come first, with numbers below 0.</summary>
    public int First => -_all.Length - 1;

    /// <summary>True when the input is sent over UDP. Of the whole ones the first is.</summary>
    public bool IsStream(int index) => index < 0 ? index == First : index % StreamEvery == StreamEvery - 1;

    /// <summary>The input of this number.</summary>
    public FuzzInput Of(int index)
    {
        var random = new Random(unchecked((_seed * 1_000_003) + index));
        return index < 0 ? IsStream(index) ? new(index, "whole stream", [_stream]) : new(index, "whole " + _all[-index - 1].Name, [_all[-index - 1]])
            : IsStream(index) ? new(index, "stream", [Damaged(index, _stream, random)])
            : index % FolderEvery == 0 ? new(index, "folder of pictures", [.. Enumerable.Range(0, PicturesInAFolder).Select(i => Damaged(i, Any(_pictures, random), random))])
            : One(index, Any(index % ClipEvery == 0 ? _clips : _pictures, random), random);
    }

    private static (string Name, byte[] Bytes) Any((string Name, byte[] Bytes)[] some, Random random) => some[random.Next(some.Length)];

    private static FuzzInput One(int index, (string Name, byte[] Bytes) original, Random random)
    {
        var (name, bytes) = Damaged(index, original, random);
        var kind = Path.GetExtension(original.Name);
        return random.Next(OtherEndingEvery) == 0
            ? new(index, kind, [(Path.ChangeExtension(name, OtherEndings[random.Next(OtherEndings.Length)]), bytes)])
            : new(index, kind, [(name, bytes)]);
    }

    private static (string Name, byte[] Bytes) Damaged(int number, (string Name, byte[] Bytes) original, Random random) => (
        $"{number}-{original.Name}",
        random.Next(NoiseEvery) == 0 ? Damage.Noise(original.Bytes, random) : Damage.Of(original.Bytes, random));
}
