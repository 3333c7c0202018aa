using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;
using Anpr.Edge.Read;
using Anpr.Edge.Track;
using Anpr.Models.Plates;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Edge.Tests.Passage;

/// <summary>A vehicle of a drawn scene: when it is in view, where its plate is, what it reads. All made up.</summary>
internal sealed record Vehicle(string? Text, double ComesS, double GoesS)
{
    /// <summary>Plate centre and width at a time since it came, in pixels of a 1920 x 1080 view.</summary>
    public Func<double, (float X, float Y, float Width)> Way { get; init; } = s => (960, 300 + (60 * (float)Math.Min(s, 5)), 60 + (20 * (float)Math.Min(s, 5)));

    /// <summary>What the reader makes of the text at a time since it came; null: the plate is not found.</summary>
    public Func<double, string?>? Misread { get; init; }

    /// <summary>Share of the picture that it covers.</summary>
    public float Share { get; init; } = 0.4f;

    /// <summary>Confidence of each read.</summary>
    public float Confidence { get; init; } = 0.95f;

    /// <summary>Probability of each character, null for the one at which together they have <see cref="Confidence"/>.</summary>
    public float? Characters { get; init; }

    /// <summary>Part of a character's probability that goes to the one that shares its glyph: 0 and O, 1 and I.</summary>
    public float Twin { get; init; }
}

/// <summary>Feeds drawn vehicles to the passage stage and gathers what it hands on.</summary>
internal sealed class Scene
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public static readonly PlateSyntax Syntax = new(CountryTable.LoadShipped());

    private readonly PassageStage _stage;

    public Scene(PassageOptions? options = null) =>
        _stage = new(options ?? new(), new TrackOptions(), Syntax, "detector/t reader/t", 0.9f, new FakeTimeProvider(Start));

    public List<PassageChange> Changes { get; } = [];

    public PassageStage Stage => _stage;

    public IReadOnlyList<PassageRecord> Closed => [.. Changes.Select(c => c.Passage).Where(p => p.Stage == RecordStage.Closed)];

    /// <summary>Text of each closed passage in order of closing, null where none was read.</summary>
    public IReadOnlyList<string?> Texts => [.. Closed.Select(p => Changes.LastOrDefault(c => c.Passage.Id == p.Id && c.Sighting is not null)?.Sighting!.Text)];

    public static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    /// <summary>Runs one camera from a time to a time and flushes nothing.</summary>
    public Scene Run(double from, double to, double fps, bool laneKnown, params Vehicle[] vehicles) => Run("front", from, to, fps, laneKnown, vehicles);

    public Scene Run(string camera, double from, double to, double fps, bool laneKnown, params Vehicle[] vehicles)
    {
        for (var i = 0; from + (i / fps) < to; i++)
        {
            See(camera, from + (i / fps), laneKnown, vehicles);
        }

        return this;
    }

    /// <summary>What the second reader reads in every plate; null: there is none.</summary>
    public string? SecondText { get; init; }

    /// <summary>How often the second reader read.</summary>
    public int SecondReads { get; private set; }

    public void See(string camera, double second, bool laneKnown, params Vehicle[] vehicles) =>
        Changes.AddRange(_stage.See(Look(camera, second, laneKnown, vehicles) with { Pictures = new Pictures(second, ReadAgain, Pixels) }));

    public Scene Flush()
    {
        Changes.AddRange(_stage.Flush());
        return this;
    }

    private Lazy<string>? ReadAgain() => SecondText is null ? null : new(() =>
    {
        SecondReads++;
        return SecondText;
    });

    /// <summary>Frames whose pixels are kept, as nobody was told of them yet.</summary>
    public int Kept { get; private set; }

    private Pixel Pixels()
    {
        Kept++;
        return new(() => Kept--);
    }

    public static FrameLook Look(string camera, double second, bool laneKnown, params Vehicle[] vehicles)
    {
        var there = vehicles.Where(v => second >= v.ComesS && second < v.GoesS).ToList();
        float? share = laneKnown ? there.Count == 0 ? 0.01f : Math.Min(0.95f, there.Sum(v => v.Share)) : null;
        var plates = there.Select(v => Plate(v, second - v.ComesS)).OfType<PlateLook>().ToList();
        return new(camera, Side.Front, At(second), new(TimeSource.BoxClock), plates, share, new Pictures(second, () => null, () => new Pixel(() => { })));
    }

    public static PlateRead Read(string text, float confidence, float? characters = null, float twin = 0)
    {
        var sure = characters ?? MathF.Pow(confidence, 1f / text.Length);
        float[][] columns = [.. text.Select(c => Column(c, sure, twin))];
        return new(text, confidence, [.. columns.Select((column, k) => PlateDecoder.Describe(column, text[k], 0.001f))], 1, [new(Math.Min(1, confidence / MathF.Pow(sure, text.Length)), columns)]);
    }

    // A character with its probability; its twin takes a part of it, all others share the rest.
    private static float[] Column(char c, float sure, float twin)
    {
        var column = new float[PlateText.Alphabet.Length];
        Array.Fill(column, (1 - sure) / (column.Length - 1));
        column[PlateText.Alphabet.IndexOf(c, StringComparison.Ordinal)] = sure;
        if ("0O1I".IndexOf(c, StringComparison.Ordinal) is >= 0 and var at)
        {
            column[PlateText.Alphabet.IndexOf(c, StringComparison.Ordinal)] -= sure * twin;
            column[PlateText.Alphabet.IndexOf("O0I1"[at], StringComparison.Ordinal)] += sure * twin;
        }

        return column;
    }

    private static PlateLook? Plate(Vehicle vehicle, double since)
    {
        var text = vehicle.Misread is { } misread ? misread(since) : vehicle.Text;
        if (text is null)
        {
            return null;
        }

        var (x, y, width) = vehicle.Way(since);
        var box = new Box(x - (width / 2), y - (width / 8), x + (width / 2), y + (width / 8));
        return new(new(Quad.Of(box), box, 0.9f), Read(text, vehicle.Confidence, vehicle.Characters, vehicle.Twin), 0.8f);
    }

    private sealed class Pixel(Action release) : IDisposable
    {
        public void Dispose() => release();
    }

    /// <summary>Pictures that say of which frame and plate they were made.</summary>
    private sealed class Pictures(double second, Func<Lazy<string>?> readAgain, Func<IDisposable> pixels) : IFramePictures
    {
        public Overview Overview() => new(() => System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"frame {second:0.000}")), pixels());

        public byte[] Patch(Quad quad) => System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"plate {second:0.000}"));

        public byte[] Still() => System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"still {second:0.000}"));

        public Lazy<string>? ReadAgain(Quad quad, int lines) => readAgain();
    }
}
