using Anpr.Hub.Bookings;
using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Link;

/// <summary>The booking of a sighting's vehicle.</summary>
/// <param name="Booking">The booking.</param>
/// <param name="AsTrailer">The sighting's plate is the trailer's.</param>
/// <param name="Loose">The read is not the booked registration; the vehicle that it was linked to is.</param>
public sealed record JoinedBooking(Booking Booking, bool AsTrailer, bool Loose);

/// <summary>
/// Finds the booking of a sighting: by its own text, or by that of the vehicle that it was linked to, whose crossing is nearest within
/// <see cref="CrossingWindow"/>. It is looked for when it is shown: a booking may come after the vehicle, and is kept no longer than it may be.
/// </summary>
public static class BookingJoin
{
    private const int Most = 50;

    /// <summary>The booking; null when there is none.</summary>
    public static JoinedBooking? Of(IStoreLookup store, StoredSighting sighting)
    {
        var vehicle = store.Get(Vehicle.Table, sighting.Vehicle)?.Text ?? "";
        return Nearest(store, sighting.Text, sighting.CapturedAt) is { } own ? new(own.Booking, own.AsTrailer, Plate(own) != sighting.Text)
            : vehicle.Length > 0 && Nearest(store, vehicle, sighting.CapturedAt) is { } linked ? new(linked.Booking, linked.AsTrailer, Loose: true)
            : null;
    }

    private static string Plate((Booking Booking, bool AsTrailer) joined) => joined.AsTrailer ? joined.Booking.Trailer : joined.Booking.Registration;

    private static (Booking Booking, bool AsTrailer)? Nearest(IStoreLookup store, string text, DateTimeOffset seen)
    {
        var plate = PlateText.Merge(text);
        var (from, to) = (Keys.Join(plate, Keys.Time(seen - CrossingWindow.After)), Keys.Join(plate, Keys.Time(seen + CrossingWindow.Before)));
        var found = store.Range(Booking.ByRegistration, from, to, Most).Select(b => (Booking: b, AsTrailer: false))
            .Concat(store.Range(Booking.ByTrailer, from, to, Most).Select(b => (Booking: b, AsTrailer: true)))
            .Where(b => CrossingWindow.Holds(seen, b.Booking.CrossingAt)).ToList();
        return found.Count == 0 ? null : found.MinBy(b => (b.Booking.CrossingAt - seen).Duration());
    }
}
