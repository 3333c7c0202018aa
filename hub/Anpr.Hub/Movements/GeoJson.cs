using System.Text.Json;

namespace Anpr.Hub.Movements;

/// <summary>Sightings on a map (RFC 7946): a point where each was seen, and of a journey a line through them.</summary>
/// <param name="name">The file's name without ending.</param>
/// <param name="places">Where lanes are.</param>
/// <param name="stops">In their order.</param>
/// <param name="line">What the line through them is called; null when there is none.</param>
/// <param name="note">What must be known once all are written; null when nothing must.</param>
internal sealed class GeoJson(string name, Places places, IEnumerable<GeoStop> stops, string? line, Func<string?> note) : IResult
{
    private const int BytesOfAFlush = 64 * 1024;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ExportResult.Head(httpContext.Response, ExportForm.GeoJson, name);
        return WriteAsync(httpContext.Response.Body, httpContext.RequestAborted);
    }

    /// <summary>Writes the collection, part by part.</summary>
    public async Task WriteAsync(Stream output, CancellationToken cancellation)
    {
        await using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteStartArray("features");
        var way = new List<GeoPlace>();
        foreach (var stop in stops)
        {
            var place = places.Of(stop.Port, stop.Lane);
            WritePoint(json, stop, place);
            if (line is not null)
            {
                way.Add(place);
            }

            if (json.BytesPending > BytesOfAFlush)
            {
                await json.FlushAsync(cancellation);
            }
        }

        if (way.Count > 1)
        {
            WriteLine(json, way);
        }

        json.WriteEndArray();
        if (note() is { } words)
        {
            json.WriteString("note", words);
        }

        json.WriteEndObject();
        await json.FlushAsync(cancellation);
    }

    private static void WritePoint(Utf8JsonWriter json, GeoStop stop, GeoPlace place)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteString("id", stop.Id);
        json.WriteStartObject("geometry");
        json.WriteString("type", "Point");
        json.WritePropertyName("coordinates");
        WritePlace(json, place);
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("time", stop.Time.UtcDateTime);
        json.WriteString("port", stop.Port);
        json.WriteString("lane", stop.Lane);
        json.WriteString("position", place.Exact ? "lane" : "port");
        json.WriteString("text", stop.Text);
        json.WriteString("vehicle", stop.Vehicle);
        json.WriteBoolean("loose", stop.Loose);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteLine(Utf8JsonWriter json, List<GeoPlace> way)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteStartObject("geometry");
        json.WriteString("type", "LineString");
        json.WriteStartArray("coordinates");
        way.ForEach(place => WritePlace(json, place));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("text", line);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, GeoPlace place)
    {
        json.WriteStartArray();
        json.WriteNumberValue(place.Longitude);
        json.WriteNumberValue(place.Latitude);
        json.WriteEndArray();
    }
}

/// <summary>Where a plate was seen.</summary>
internal sealed record GeoStop(string Id, DateTimeOffset Time, string Port, string Lane, string Text, string Vehicle, bool Loose);
