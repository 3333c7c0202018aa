using System.Globalization;
using Anpr.Hub.Audit;
using Anpr.Hub.Csv;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Bookings;

/// <summary>The one way to bookings for people, whatever the surface: each look and change is in the audit log before it is shown.</summary>
public sealed class BookingDesk(BookingBook book, AuditLog audit)
{
    /// <summary>Takes in a CSV file.</summary>
    /// <exception cref="InputException">It is no such file at all.</exception>
    public Task<ImportReport> ImportAsync(byte[] file, string user) => PutAsync(file, user, () => book.ImportAsync(file));

    /// <summary>Takes in bookings that were read from a body.</summary>
    internal Task<ImportReport> PutAsync(byte[] body, IReadOnlyList<NewBooking> given, IReadOnlyList<RefusedRow> broken, string user) =>
        PutAsync(body, user, () => book.PutAsync(given, broken));

    /// <summary>Bookings that cross between the two, of one plate (tractor's or trailer's) or of all, earliest first, at most so many.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    public IReadOnlyList<Booking> Find(Asking asking, string? plate, DateTimeOffset from, DateTimeOffset to, int limit) => audit.Look(
        asking, "bookings.search", string.Create(CultureInfo.InvariantCulture, $"{plate} {from:u} {to:u}").Trim(),
        () => string.IsNullOrWhiteSpace(plate) ? book.Crossing(from, to, limit) : book.Of(plate, from, to, limit), all => all.Count);

    /// <summary>Takes back a booking.</summary>
    /// <returns>False when there is none with this id.</returns>
    public Task<bool> CancelAsync(string id, string user) => audit.ChangeAsync(
        new(user, "bookings.cancel", id), () => book.CancelAsync(id), (known, begun) => begun with { Result = known ? "cancelled" : "not found" });

    private Task<ImportReport> PutAsync(byte[] body, string user, Func<Task<ImportReport>> put) =>
        audit.ChangeAsync(new(user, "bookings.put", ImportReport.Mark(body)), put, (report, begun) => begun with { Result = report.Summary });
}
