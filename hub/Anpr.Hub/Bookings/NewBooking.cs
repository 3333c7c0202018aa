using Anpr.Hub.Csv;
using Anpr.Hub.Ops;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Bookings;

/// <summary>A booking as it was given, from JSON or CSV.</summary>
/// <param name="Line">The line of a file, or its place in a list, from 1.</param>
/// <param name="Registration">As typed.</param>
/// <param name="Trailer">As typed.</param>
/// <param name="Cargo">dry, produce, live, timber or unknown; empty for unknown.</param>
/// <param name="CrossingAt">A time in ISO 8601, UTC unless it says otherwise.</param>
internal sealed record NewBooking(int Line, string Registration, string Trailer, string Cargo, string CrossingAt)
{
    private const int LongestPlate = 16;

    /// <summary>How far ahead a crossing may be booked.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(366);

    /// <summary>The booking; null when a field cannot be used, and then why stands in <paramref name="refused"/>.</summary>
    public Booking? Checked(DateTimeOffset now, List<RefusedRow> refused)
    {
        var before = refused.Count;
        var (registration, trailer) = (Plate("registration", Registration), Plate("trailer", Trailer));
        Check("registration", registration.Length == 0 && trailer.Length == 0, "give the registration of the tractor, or the trailer's");
        var named = Names.TryRead<Cargo>(Cargo, out var cargo);
        Check("cargo", !named && Cargo.Length > 0, $"'{Cargo}': dry, produce, live, timber or unknown");
        var timed = TypedTime.TryRead(CrossingAt, out var at);
        Check("crossing_at", !timed, $"'{CrossingAt}': give a time in UTC, such as 2026-12-24T08:00:00Z");
        Check("crossing_at", timed && (at < now - BookingBook.Kept || at > now + Ahead), $"'{CrossingAt}': from {BookingBook.Kept.TotalDays:0} days ago to a year ahead");
        return refused.Count > before ? null : new Booking(registration, trailer, cargo, new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero));

        string Plate(string field, string typed)
        {
            var folded = PlateText.Fold(typed);
            Check(field, folded.Length > LongestPlate || (typed.Length > 0 && folded.Length < 2), $"'{typed}': 2 to {LongestPlate} letters and digits");
            return folded;
        }

        void Check(string field, bool fault, string why)
        {
            if (fault)
            {
                refused.Add(new(Line, field, why));
            }
        }
    }
}
