using Anpr.Hub.Alerts;
using Anpr.Hub.Csv;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Bookings;

/// <summary>The booked crossings. Thread-safe.</summary>
public sealed class BookingBook(IStore store, HubFeed feed, TimeProvider time)
{
    /// <summary>How long after its crossing a booking is kept: it is personal data, and has told by then what it could.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int WrittenTogether = 1000;
    private static readonly string[] Columns = ["registration", "trailer", "cargo", "crossing_at"];

    /// <summary>Takes in a CSV file: good rows are kept, each other row is named in the report.</summary>
    /// <exception cref="InputException">It is no such file at all.</exception>
    public Task<ImportReport> ImportAsync(ReadOnlyMemory<byte> file)
    {
        var rows = CsvTable.Read(file.Span, Columns, ["crossing_at"]);
        var broken = rows.Where(r => r.Fault.Length > 0).Select(r => new RefusedRow(r.Line, "", r.Fault)).ToList();
        return PutAsync([.. rows.Where(r => r.Fault.Length == 0).Select(r => new NewBooking(r.Line, r["registration"], r["trailer"], r["cargo"], r["crossing_at"]))], broken);
    }

    /// <summary>Bookings of one plate (tractor's or trailer's) that cross between the two, earliest first, at most so many.</summary>
    public IReadOnlyList<Booking> Of(string plate, DateTimeOffset from, DateTimeOffset to, int limit)
    {
        var text = PlateText.Merge(plate);
        return [.. new[] { Booking.ByRegistration, Booking.ByTrailer }
            .SelectMany(index => store.Range(index, Keys.Join(text, Keys.Time(from)), Keys.Join(text, Keys.Time(to)), limit))
            .DistinctBy(b => b.Id, StringComparer.Ordinal).OrderBy(b => b.CrossingAt).Take(limit)];
    }

    /// <summary>Bookings that cross between the two, earliest first, at most so many.</summary>
    public IReadOnlyList<Booking> Crossing(DateTimeOffset from, DateTimeOffset to, int limit) => store.Range(Booking.ByCrossing, Keys.Time(from), Keys.Time(to), limit);

    /// <summary>Takes back a booking.</summary>
    /// <returns>False when there is none with this id.</returns>
    public async Task<bool> CancelAsync(string id)
    {
        var found = await store.WriteAsync(writer =>
        {
            var known = writer.Get(Booking.Table, id) is not null;
            writer.Delete(Booking.Table, id);
            if (known)
            {
                Count(writer);
            }

            return known;
        });
        feed.Publish(new BookingsEvent(time.GetUtcNow()));
        return found;
    }

    /// <summary>Grows with each change, whichever hub makes it; 0 before the first.</summary>
    internal ulong Number => NumberIn(store);

    /// <summary>Keeps the good ones of what was given; those that the store failed at are named.</summary>
    /// <exception cref="StoreFailedException">The store failed before any was kept.</exception>
    internal async Task<ImportReport> PutAsync(IReadOnlyList<NewBooking> given, IReadOnlyList<RefusedRow> broken)
    {
        var (now, refused) = (time.GetUtcNow(), new List<RefusedRow>(broken));
        var bookings = given.Select(g => (g.Line, Booking: g.Checked(now, refused)!)).Where(b => b.Booking is not null).ToList();
        var (added, changed, same) = (0, 0, 0);
        foreach (var group in bookings.Chunk(WrittenTogether))
        {
            try
            {
                var counted = await store.WriteAsync(writer => Put(writer, [.. group.Select(b => b.Booking)]));
                (added, changed, same) = (added + counted.Added, changed + counted.Changed, same + counted.Same);
            }
            catch (StoreFailedException failed) when (added + changed > 0)
            {
                refused.AddRange(bookings.Skip(added + changed + same).Select(b => new RefusedRow(b.Line, "", $"was not kept. {failed.Message} Then import the file again")));
                break;
            }
        }

        if (added + changed > 0)
        {
            feed.Publish(new BookingsEvent(now));
        }

        return new ImportReport(given.Count + broken.Count, added, changed, same, [.. refused.OrderBy(r => r.Line)]);
    }

    private static ulong NumberIn(IStoreLookup reader) => reader.Get(BookingNumber.Table, BookingNumber.Only)?.Number ?? 0;

    // By a clock where that has gone on, so that a store that was restored from a backup does not count numbers again that lanes know.
    private void Count(IStoreWriter writer) =>
        writer.Put(BookingNumber.Table, new BookingNumber(Math.Max(NumberIn(writer) + 1, (ulong)time.GetUtcNow().ToUnixTimeMilliseconds())));

    private (int Added, int Changed, int Same) Put(IStoreWriter writer, IReadOnlyList<Booking> group)
    {
        var (added, changed, same) = (0, 0, 0);
        foreach (var booking in group)
        {
            var old = writer.Get(Booking.Table, booking.Id);
            if (old == booking)
            {
                same++;
                continue;
            }

            writer.Put(Booking.Table, booking);
            (added, changed) = old is null ? (added + 1, changed) : (added, changed + 1);
        }

        if (added + changed > 0)
        {
            Count(writer);
        }

        return (added, changed, same);
    }
}
