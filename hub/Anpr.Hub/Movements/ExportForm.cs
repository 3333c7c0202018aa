using Anpr.Hub.Ops;

namespace Anpr.Hub.Movements;

/// <summary>A form in which records are given out.</summary>
/// <param name="Name">As it is asked for, and the file's ending.</param>
/// <param name="ContentType">Its media type.</param>
public sealed record ExportForm(string Name, string ContentType)
{
    /// <summary>RFC 4180, UTF-8 with its mark, so that spreadsheets take it for that.</summary>
    public static readonly ExportForm Csv = new("csv", "text/csv; charset=utf-8");

    /// <summary>Office Open XML.</summary>
    public static readonly ExportForm Xlsx = new("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

    /// <summary>RFC 7946.</summary>
    public static readonly ExportForm GeoJson = new("geojson", "application/geo+json");

    /// <summary>The form of a name.</summary>
    /// <exception cref="InputException">There is none of that name, or not of these records.</exception>
    public static ExportForm Read(string? name, bool geo) => name switch
    {
        "csv" => Csv,
        "xlsx" => Xlsx,
        "geojson" when geo => GeoJson,
        _ => throw new InputException($"format '{name}': give csv{(geo ? ", xlsx or geojson" : " or xlsx")}."),
    };
}
