using System.Text;
using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Bookings;

/// <summary>Makes what lanes get of the bookings: those of vehicles that may stand before them until the next day, signed. Thread-safe.</summary>
public sealed partial class BookingSigner(BookingBook book, SigningKey key, TimeProvider time, ILogger<BookingSigner> log)
{
    // Well under the 4 MiB that a message may have.
    internal int Most { get; init; } = 40_000;

    // As time goes on, other bookings come near: a lane that is cut off knows those of the hours to come.
    private static readonly TimeSpan Anew = TimeSpan.FromMinutes(30);

    // Single bookings come one after the other: lanes get them together.
    private static readonly TimeSpan Gathered = TimeSpan.FromSeconds(2);

    private static readonly byte[] Context = [.. Encoding.ASCII.GetBytes("anpr.v1.Bookings"), 0];

    /// <summary>What lanes ought to hold now, without its time.</summary>
    internal Proto.V1.Bookings Current()
    {
        var now = time.GetUtcNow();
        var all = new Proto.V1.Bookings();
        var near = book.Crossing(now - CrossingWindow.After, now + CrossingWindow.Before + Anew, Most + 1);
        if (near.Count > Most)
        {
            LogCut(log, Most, near[Most].CrossingAt);
        }

        all.Bookings_.AddRange(near.Take(Most).Select(b => new Proto.V1.Booking
        {
            Registration = b.Registration,
            Trailer = b.Trailer,
            CrossingAt = b.CrossingAt.ToTimestamp(),
            Cargo = b.Cargo,
        }));
        return all;
    }

    /// <summary>The same, issued now.</summary>
    internal SignedBookings Sign(Proto.V1.Bookings all)
    {
        var issued = all.Clone();
        issued.Number = book.Number; // what was booked since they were read comes with the next copy, whose number is no smaller
        issued.IssuedAt = time.GetUtcNow().ToTimestamp();
        var bytes = issued.ToByteArray();
        return new SignedBookings { Bookings = ByteString.CopyFrom(bytes), Signature = key.Sign([.. Context, .. bytes]) };
    }

    /// <summary>Waits until they may have changed.</summary>
    internal async Task NextAsync(HubSubscription subscription, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Anew, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            await foreach (var happened in subscription.ReadAllAsync(either.Token))
            {
                if (happened is BookingsEvent or MissedEvent)
                {
                    await Task.Delay(Gathered, time, cancellation);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // it is time to look again
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "More than {Most} crossings are booked for the hours to come: lanes get the first ones and know none from {From} on")]
    private static partial void LogCut(ILogger logger, int most, DateTimeOffset from);
}
