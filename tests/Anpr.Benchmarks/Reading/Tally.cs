using Anpr.Models.Plates;

namespace Anpr.Benchmarks.Reading;

/// <summary>How many texts are right: strictly, and with O=0 and I=1 merged.</summary>
internal sealed class Tally
{
    private int _total;
    private int _strict;
    private int _merged;

    /// <summary>Adds one; a text that was not read is null. True when it is right but for O=0 and I=1.</summary>
    public bool Add(string expected, string? read)
    {
        var right = PlateText.Merge(read ?? "") == PlateText.Merge(expected);
        _total++;
        _strict += read == expected ? 1 : 0;
        _merged += right ? 1 : 0;
        return right;
    }

    /// <summary>Its two lines of the table; <paramref name="wanted"/> is of the merged one.</summary>
    public IEnumerable<Figure> Figures(string what, string wanted = "") =>
        [Figure.Share(what + ", merged", _merged, _total, wanted), Figure.Share(what + ", strict", _strict, _total, "")];
}
