using System.Globalization;
using Anpr.Benchmarks.Reading;
using Anpr.Edge.Passage;
using Anpr.Edge.Read;
using Anpr.Edge.Track;

namespace Anpr.Benchmarks.Link;

/// <summary>One sighting of our own reader and what was really on the plate.</summary>
/// <param name="Truth">The registration.</param>
/// <param name="Text">What was read.</param>
/// <param name="Confidence">Of the whole text, 0..1.</param>
/// <param name="Characters">One for each character of <paramref name="Text"/>.</param>
internal sealed record BankedRead(string Truth, string Text, double Confidence, IReadOnlyList<CharacterRead> Characters)
{
    /// <summary>What became of one character, or what came from none.</summary>
    /// <param name="Truth">The plate's character; null where the reader saw one that is not there.</param>
    /// <param name="Seen">What was read, the likeliest first; null where nothing was.</param>
    public sealed record Event(char? Truth, IReadOnlyList<(char C, double P)>? Seen);

    /// <summary>Each character of the plate, and of the read, aligned by the fewest changes.</summary>
    public IEnumerable<Event> Events()
    {
        var owner = VoteColumns.Align(Truth, Text);
        for (var i = Truth.Length - 1; i >= 0; i--)
        {
            yield return new(Truth[i], owner[i] is { } k ? Seen(k) : null);
        }

        for (var k = Text.Length - 1; k >= 0; k--)
        {
            if (!owner.Contains(k))
            {
                yield return new(null, Seen(k));
            }
        }
    }

    private List<(char C, double P)> Seen(int position) =>
        [(Characters[position].C, Characters[position].P), .. Characters[position].Alternatives.Select(a => (a.C, (double)a.P))];
}

/// <summary>
/// Sightings that the product made of rendered passages (<see cref="PassageTrials"/>), kept in a file: what our reader takes for what, and how
/// sure it is of it. Made with <c>./anpr bench link --bank FILE</c>; one line a sighting: truth, text, confidence, and each position's
/// characters with their probabilities of .0005 or more.
/// </summary>
internal static class ReadBank
{
    private const float Least = 0.0005f;

    /// <summary>Reads that many passages and writes what was told of them.</summary>
    public static void Write(string path, int passages, int seed)
    {
        using var models = VisionModels.Load();
        var (trials, _) = ConfidenceBenchmark.Measure(models, passages, seed, 1);
        File.WriteAllLines(path, trials.SelectMany(trial => trial.Told.Select(told => Line(trial.Truth, told))));
    }

    /// <summary>The file that is shipped with the benchmark.</summary>
    public static IReadOnlyList<BankedRead> Load()
    {
        using var stream = typeof(ReadBank).Assembly.GetManifestResourceStream("reads.txt") ?? throw new InvalidOperationException("reads.txt is not in the program");
        using var reader = new StreamReader(stream);
        var reads = new List<BankedRead>();
        while (reader.ReadLine() is { } line)
        {
            reads.Add(Parse(line));
        }

        return reads;
    }

    private static string Line(string truth, SightingRecord told) => string.Create(
        CultureInfo.InvariantCulture,
        $"{truth} {told.Text} {told.Confidence:0.####} {string.Join(' ', told.Characters.Select(Position))}");

    private static string Position(CharacterRead character) => string.Join(
        ',',
        character.Alternatives.Where(a => a.P >= Least).Select(a => (a.C, a.P)).Prepend((character.C, character.P)).Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.C}{o.P:0.####}")));

    private static BankedRead Parse(string line)
    {
        var parts = line.Split(' ');
        return new(parts[0], parts[1], double.Parse(parts[2], CultureInfo.InvariantCulture), [.. parts[3..].Select(Character)]);
    }

    private static CharacterRead Character(string text)
    {
        var options = text.Split(',').Select(o => (C: o[0], P: float.Parse(o.AsSpan(1), CultureInfo.InvariantCulture))).ToArray();
        return new(options[0].C, options[0].P, [.. options[1..].Select(o => new CharacterAlternative(o.C, o.P))]);
    }
}
