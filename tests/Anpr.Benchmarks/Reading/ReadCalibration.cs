using Anpr.Edge.Read;
using Anpr.Edge.Track;
using Anpr.Models.Plates;

namespace Anpr.Benchmarks.Reading;

/// <summary>
/// How far the probabilities of the reader's own raw reads can be taken at their word: those of its characters, and that of the whole text
/// with and without the model's calibration exponent ("temperature"). A character is right when the alignment by edit distance puts the
/// same one of the truth there; merged, O counts as 0 and I as 1, and a character's probability is that of both together.
/// </summary>
/// <param name="temperature">The exponent that is in the reads' confidences, more than 0.</param>
internal sealed class ReadCalibration(double temperature)
{
    // Characters that are surer than this are most of all and nearly always right: the others are looked at apart.
    private const double Sure = 0.9;

    private readonly Calibration _strict = new();
    private readonly Calibration _merged = new();
    private readonly Calibration _text = new();
    private readonly Calibration _uncalibrated = new();

    /// <summary>Adds a read of a plate whose text is known.</summary>
    public void Add(PlateRead read, string truth)
    {
        var owner = VoteColumns.Align(read.Text, truth);
        for (var k = 0; k < read.Text.Length; k++)
        {
            var (said, there) = (read.Text[k], owner[k] is { } at ? truth[at] : (char?)null);
            _strict.Add(Math.Min(1, read.Characters[k].P), said == there);
            _merged.Add(Math.Min(1, Together(read.Spellings[0].Columns[k], said)), there is { } c && Merge(said) == Merge(c));
        }

        _text.Add(read.Confidence, read.Text == truth);
        _uncalibrated.Add(Math.Pow(read.Confidence, 1 / temperature), read.Text == truth);
    }

    /// <summary>Adds all that another one has.</summary>
    public void Add(ReadCalibration other)
    {
        _strict.Add(other._strict);
        _merged.Add(other._merged);
        _text.Add(other._text);
        _uncalibrated.Add(other._uncalibrated);
    }

    /// <summary>Its lines of the table; <paramref name="of"/> says of what the reads are.</summary>
    public IEnumerable<Figure> Figures(string of) =>
    [
        Error($"characters of {of}: calibration error", _strict, "at most .020"),
        Error($"characters of {of}: calibration error, O=0 and I=1 merged", _merged, "at most .020"),
        Error($"characters of {of} below {Sure}: calibration error", _strict.Below(Sure), "at most .050"),
        Error($"characters of {of} below {Sure}: calibration error, merged", _merged.Below(Sure), "at most .050"),
        new($"characters of {of}: log loss, strict; merged", Figure.Number(_strict.LogLoss) + "; " + Figure.Number(_merged.LogLoss), "", _strict.Count),
        new($"whole texts of {of}: log loss, calibrated; not", Figure.Number(_text.LogLoss) + "; " + Figure.Number(_uncalibrated.LogLoss), "calibrated lower", _text.Count),
        new($"whole texts of {of}: calibration error, calibrated; not", Figure.Number(_text.ExpectedError) + "; " + Figure.Number(_uncalibrated.ExpectedError), "", _text.Count),
    ];

    private static Figure Error(string what, Calibration sample, string wanted) => new(
        what, $"{Figure.Number(sample.ExpectedError)} (told {Figure.Number(sample.MeanProbability)}, right {Figure.Number(sample.ShareRight)})", wanted, sample.Count);

    private static char Merge(char c) => c switch { 'O' => '0', 'I' => '1', _ => c };

    private static double Together(float[] column, char c) => PlateText.Alphabet.Select((other, i) => Merge(other) == Merge(c) ? column[i] : 0f).Sum();
}
