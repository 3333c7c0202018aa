using System.Text.Json;
using System.Text.Json.Serialization;
using Anpr.Hub.Bookings;
using Anpr.Hub.Csv;
using Anpr.Hub.Ops;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Anpr.Hub.Movements;

/// <summary>A booking as it is given.</summary>
/// <param name="Registration">Of the tractor; may be missing when the trailer is given.</param>
/// <param name="Trailer">Its registration.</param>
/// <param name="Cargo">dry, produce, live, timber or unknown.</param>
/// <param name="CrossingAt">Departure, UTC.</param>
public sealed record BookingBody(string? Registration, string? Trailer, string? Cargo, [property: JsonPropertyName("crossing_at")] string? CrossingAt);

/// <summary>A booking as it is kept.</summary>
public sealed record BookingRow(string Id, string? Registration, string? Trailer, string Cargo, [property: JsonPropertyName("crossing_at")] DateTimeOffset CrossingAt)
{
    /// <summary>The row of a booking.</summary>
    public static BookingRow Of(Booking b) => new(b.Id, b.Registration.Length == 0 ? null : b.Registration, b.Trailer.Length == 0 ? null : b.Trailer, b.CargoName, b.CrossingAt);
}

/// <summary>Booked crossings over REST.</summary>
internal static class BookingsApi
{
    private const int Most = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPut("/bookings", PutAsync).Accepts<IReadOnlyList<BookingBody>>("application/json", "text/csv")
            .WithSummary("Books crossings, JSON or CSV: good ones are kept, each other one is named with field and cure. The same plates and time again replace.");
        api.MapGet("/bookings", Find).WithSummary("Bookings of a plate, of the tractor or the trailer, by the time of crossing. Needs a reason.");
        api.MapDelete("/bookings/{id}", CancelAsync).WithSummary("Takes a booking back.");
    }

    private static async Task<Ok<ImportBody>> PutAsync(HttpContext context, BookingDesk desk)
    {
        var bytes = await WatchlistApi.FileAsync(context);
        return TypedResults.Ok(ImportBody.Of(await (context.Request.HasJsonContentType() ? PutJsonAsync(bytes, context.User(), desk) : desk.ImportAsync(bytes, context.User()))));
    }

    private static Ok<IReadOnlyList<BookingRow>> Find(
        string? plate, DateTimeOffset? from, DateTimeOffset? to, [AsParameters] Why why, HttpContext context, BookingDesk desk, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return TypedResults.Ok<IReadOnlyList<BookingRow>>([.. desk.Find(why.By(context), plate, from ?? now.AddDays(-1), to ?? now.AddDays(1), Most).Select(BookingRow.Of)]);
    }

    private static async Task<Results<NoContent, NotFound>> CancelAsync(string id, HttpContext context, BookingDesk desk) =>
        await desk.CancelAsync(id, context.User()) ? TypedResults.NoContent() : TypedResults.NotFound();

    // One that is no booking at all costs itself only.
    private static Task<ImportReport> PutJsonAsync(byte[] json, string user, BookingDesk desk)
    {
        var (given, broken) = (new List<NewBooking>(), new List<RefusedRow>());
        foreach (var (element, i) in Elements(json).Select((e, i) => (e, i + 1)))
        {
            try
            {
                var body = element.Deserialize<BookingBody>(RowJson.Options);
                given.Add(new NewBooking(i, body?.Registration ?? "", body?.Trailer ?? "", body?.Cargo ?? "", body?.CrossingAt ?? ""));
            }
            catch (JsonException)
            {
                broken.Add(new(i, "", "is no booking: an object of texts, registration, trailer, cargo and crossing_at"));
            }
        }

        return desk.PutAsync(json, given, broken, user);
    }

    private static List<JsonElement> Elements(byte[] json)
    {
        try
        {
            var elements = JsonSerializer.Deserialize<List<JsonElement>>(json) ?? [];
            return elements.Count <= CsvTable.MostRows ? elements : throw new InputException($"{elements.Count} bookings: {CsvTable.MostRows} at most. Divide them.");
        }
        catch (JsonException wrong)
        {
            throw new InputException("the body is no JSON list of bookings, each with registration, trailer, cargo and crossing_at.", wrong);
        }
    }
}
