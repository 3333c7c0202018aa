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
    public async Task<bool> CancelAsync(string id, string user)
    {
        var known = await book.CancelAsync(id);
        audit.Append(user, "bookings.cancel", about: id, result: known ? "cancelled" : "not found");
        return known;
    }

    private async Task<ImportReport> PutAsync(byte[] body, string user, Func<Task<ImportReport>> put)
    {
        var report = await put();
        audit.Append(user, "bookings.put", about: ImportReport.Mark(body), result: report.Summary);
        return report;
    }
}
