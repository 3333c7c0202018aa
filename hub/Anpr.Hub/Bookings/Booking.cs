using System.Globalization;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Bookings;

/// <summary>A booked crossing: no more than is needed to know what a vehicle carries and when it goes.</summary>
/// <param name="Registration">Of the tractor, folded; empty when only the trailer is known.</param>
/// <param name="Trailer">Its registration, folded; empty without one.</param>
/// <param name="Cargo">What is loaded.</param>
/// <param name="CrossingAt">Departure, UTC, whole minutes.</param>
public sealed record Booking(string Registration, string Trailer, Cargo Cargo, DateTimeOffset CrossingAt)
{
    /// <summary>All bookings, by plates and crossing.</summary>
    public static Table<Booking> Table { get; } = new("bookings", b => b.Id) { Shared = true };

    /// <summary>By crossing.</summary>
    public static TableIndex<Booking> ByCrossing { get; } = Table.Index("crossing", b => Keys.Time(b.CrossingAt));

    /// <summary>By the tractor's registration with O as 0 and I as 1, then crossing.</summary>
    public static TableIndex<Booking> ByRegistration { get; } = Table.Index("registration", b => Key(b.Registration, b));

    /// <summary>By the trailer's, likewise.</summary>
    public static TableIndex<Booking> ByTrailer { get; } = Table.Index("trailer", b => Key(b.Trailer, b));

    /// <summary>Both plates and the crossing: the same again replaces it.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{PlateText.Merge(Registration)}-{PlateText.Merge(Trailer)}-{CrossingAt.UtcDateTime:yyyyMMddTHHmm}");

    /// <summary>What is loaded, as the API and CSV name it.</summary>
    public string CargoName => Cargo.ToString().ToLowerInvariant();

    private static string? Key(string plate, Booking booking) => plate.Length == 0 ? null : Keys.Join(PlateText.Merge(plate), Keys.Time(booking.CrossingAt));
}

/// <summary>How often bookings have changed: lanes that go from one hub to another know by it which copy is the newer, whatever the clocks of the hubs say.</summary>
/// <param name="Number">Milliseconds since 1970 at the last change, and more than at the change before.</param>
internal sealed record BookingNumber(ulong Number)
{
    /// <summary>The id of the one record.</summary>
    public const string Only = "bookings";

    /// <summary>One record.</summary>
    public static Table<BookingNumber> Table { get; } = new("bookingnumber", _ => Only);
}
