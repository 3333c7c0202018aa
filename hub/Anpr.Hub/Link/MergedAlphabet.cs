using Anpr.Models.Plates;

namespace Anpr.Hub.Link;

/// <summary>The alphabet in which reads are compared: 0-9 A-Z, with O as 0 and I as 1, because many countries stamp one glyph for both.</summary>
internal static class MergedAlphabet
{
    /// <summary>All of them, in the order of their indexes.</summary>
    public const string All = Misreads.Alphabet;

    // Where one format has a digit, nearly every other plate of that length has one too, and so for letters: agreement there says that ten,
    // or twenty-four, others could have stood in its place.
    private const double DigitBackground = 0.1;
    private const double LetterBackground = 1.0 / 24;

    /// <summary>How many of them are digits: the first.</summary>
    public const int Digits = 10;

    /// <summary>How many there are.</summary>
    public static int Count => All.Length;

    /// <summary>How probable each is on a plate of which nothing is known but that a digit, or a letter, stands there.</summary>
    public static IReadOnlyList<double> Background { get; } = [.. All.Select(c => char.IsAsciiDigit(c) ? DigitBackground : LetterBackground)];

    /// <summary>1 / <see cref="Background"/>: what agreement on each is worth.</summary>
    public static ReadOnlySpan<double> Weight => Weights;

    private static readonly double[] Weights = [.. Background.Select(p => 1 / p)];

    /// <summary>Its index, -1 for what is no character of a plate.</summary>
    public static int IndexOf(char c) => Misreads.IndexOf(c);
}
