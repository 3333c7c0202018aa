using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Movements;

/// <summary>Answers as files, over REST.</summary>
internal static class ExportApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/movements/export", Movements).Produces<string>(StatusCodes.Status200OK, "text/csv").WithSummary("All sightings that answer a question, 100,000 at most, as CSV, XLSX or GeoJSON (format=csv, xlsx, geojson). Needs a reason.");
        api.MapGet("/vehicles/{id}/journey/export", Journey).Produces<string>(StatusCodes.Status200OK, "text/csv").WithSummary("A journey as CSV, XLSX or GeoJSON: points and the line through them (format=csv, xlsx, geojson). Needs a reason.");
    }

    private static IResult Movements(string? format, [AsParameters] MovementParameters asked, HttpContext context, MovementDesk desk, IStore store, Places places, TimeProvider time)
    {
        var form = ExportForm.Read(format, geo: true);
        var portion = desk.Export(asked.By(context.User()), asked.ToQuery(time.GetUtcNow()), form.Name);
        var table = ExportTables.Of(MovementsApi.Rows(store, portion.Rows), portion);
        return form == ExportForm.GeoJson
            ? new GeoJson("movements", places, MovementsApi.Rows(store, portion.Rows).Select(s => new GeoStop(s.Id, s.Time, s.Port, s.Lane, s.Text, s.Vehicle ?? "", s.Loose ?? false)), line: null, table.Note)
            : new ExportResult(form, "movements", table);
    }

    private static IResult Journey(string id, string? format, [AsParameters] Why why, HttpContext context, MovementDesk desk, Linker linker, Places places)
    {
        var form = ExportForm.Read(format, geo: true);
        if (desk.JourneyOf(why.By(context), id, "journey.export") is not { } journey)
        {
            return TypedResults.NotFound();
        }

        var row = JourneyRow.Of(journey, linker.Usual);
        return form == ExportForm.GeoJson
            ? new GeoJson("journey", places, row.Stops.Select(s => new GeoStop(s.Sighting, s.Time, s.Port, s.Lane, s.Text, row.Vehicle, s.Loose)), row.Text, () => null)
            : new ExportResult(form, "journey", ExportTables.Of(row));
    }
}
