using System.Text.Json.Serialization;

namespace Anpr.Models.Plates;

/// <summary>Colours of a clean plate in daylight, #RRGGBB.</summary>
public sealed record PlateColours(string Background, string Text, string? RearBackground = null);

/// <summary>One registration format of a country.</summary>
/// <param name="Pattern">In the pattern language of Plates/README.md.</param>
/// <param name="Kind">car, lorry, trailer, motorcycle (mopeds too), taxi, personal, temporary or old.</param>
/// <param name="Lines">The numbers of lines in which it is made: 1, 2 or both.</param>
/// <param name="Source">Where the format is published.</param>
/// <param name="Break">On two lines, the gap (from 1) at which the second line begins.</param>
/// <param name="Colours">Where they differ from the country's.</param>
/// <param name="Weight">How often it is expected against the country's other formats, more than 0.</param>
public sealed record PlateFormat(
    [property: JsonRequired] string Pattern,
    [property: JsonRequired] string Kind,
    [property: JsonRequired] IReadOnlyList<int> Lines,
    [property: JsonRequired] string Source,
    int Break = 1,
    PlateColours? Colours = null,
    double Weight = 1);

/// <summary>How one country writes its plates. Fields as in Plates/README.md.</summary>
public sealed record Country(
    [property: JsonRequired] string Code,
    [property: JsonRequired] string Name,
    [property: JsonRequired] string Sign,
    [property: JsonRequired] double Weight,
    [property: JsonRequired] IReadOnlyList<PlateFormat> Formats,
    [property: JsonRequired] PlateColours Colours,
    [property: JsonRequired] string Band,
    [property: JsonRequired] bool TrailerRepeatsTractor,
    string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
