using System.Security.Cryptography;
using System.Text;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge.Sense;

/// <summary>What became of a copy of the bookings.</summary>
internal enum BookingsOutcome
{
    /// <summary>It is in force and on disk.</summary>
    Taken,

    /// <summary>What is held is newer: it was passed over.</summary>
    Older,

    /// <summary>It is not signed by the hub: a security event.</summary>
    Forged,
}

/// <summary>
/// The crossings that are booked for the next and the last hours, as the hub signed them, kept in one file, so that a lane that is cut off still
/// knows what a vehicle carries. Thread-safe.
/// </summary>
internal sealed partial class BookingsCopy
{
    /// <summary>What stands before the bookings when they are signed, so that nothing else that the key signs can pass for them.</summary>
    internal static readonly byte[] Context = [.. Encoding.ASCII.GetBytes("anpr.v1.Bookings"), 0];

    // Personal data: a copy of which no booking can be joined any more is forgotten.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    private readonly string _file;
    private readonly ECDsa _key;
    private readonly Lock _applying = new();
    private volatile Contents _contents = Contents.None;

    /// <summary>Reads the copy in <paramref name="file"/>; a missing, damaged or old one starts empty and the hub sends all.</summary>
    /// <param name="file">Where it is kept.</param>
    /// <param name="key">P-256 key that signs them.</param>
    /// <param name="time">The box's clock.</param>
    /// <param name="log">Where a damaged file is named.</param>
    public BookingsCopy(string file, ECDsa key, TimeProvider time, ILogger log)
    {
        (_file, _key) = (file, key);
        try
        {
            if (File.Exists(file) && Read(SignedBookings.Parser.ParseFrom(File.ReadAllBytes(file))) is { } bookings)
            {
                _contents = Contents.Of(bookings);
            }
        }
        catch (Exception e) when (e is IOException or InvalidProtocolBufferException or ArgumentException or InvalidOperationException)
        {
            LogDamaged(log, e, file);
        }

        if (time.GetUtcNow() - _contents.IssuedAt > Kept)
        {
            _contents = Contents.None;
            File.Delete(file);
        }
    }

    /// <summary>Plates that are booked.</summary>
    public int Count => _contents.Plates.Count;

    /// <summary>Checks and takes what the hub sent; what is not signed by it, or is older than what is held, changes nothing.</summary>
    public BookingsOutcome Apply(SignedBookings signed)
    {
        lock (_applying)
        {
            if (Read(signed) is not { } bookings)
            {
                return BookingsOutcome.Forged;
            }

            var next = Contents.Of(bookings);
            if (next.IsOlderThan(_contents))
            {
                return BookingsOutcome.Older;
            }

            var part = _file + ".part";
            using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write))
            {
                signed.WriteTo(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(part, _file, overwrite: true);
            _contents = next;
            return BookingsOutcome.Taken;
        }
    }

    /// <summary>What is booked for the vehicle with these texts that was seen then; unknown when nothing is, or when two plates say different things.</summary>
    public Cargo CargoOf(IEnumerable<string> texts, DateTimeOffset seen)
    {
        var plates = _contents.Plates;
        var cargoes = texts.Select(PlateText.Merge).Distinct(StringComparer.Ordinal)
            .SelectMany(text => (plates.GetValueOrDefault(text) ?? []).Where(b => CrossingWindow.Holds(seen, b.At)).OrderBy(b => (b.At - seen).Duration()).Take(1))
            .Select(b => b.Cargo).Distinct().ToList();
        return cargoes is [var one] ? one : Cargo.Unknown;
    }

    private Bookings? Read(SignedBookings signed)
    {
        if (!_key.VerifyData([.. Context, .. signed.Bookings.Span], signed.Signature.Span, HashAlgorithmName.SHA256))
        {
            return null;
        }

        try
        {
            return Bookings.Parser.ParseFrom(signed.Bookings);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is damaged; bookings are asked for again")]
    private static partial void LogDamaged(ILogger log, Exception exception, string file);

    private sealed record Contents(ulong Number, DateTimeOffset IssuedAt, Dictionary<string, List<(DateTimeOffset At, Cargo Cargo)>> Plates)
    {
        public static readonly Contents None = new(0, DateTimeOffset.MinValue, []);

        // Hubs on one store count together, but each has a clock of its own.
        public bool IsOlderThan(Contents held) => Number > 0 && held.Number > 0 ? Number < held.Number : IssuedAt < held.IssuedAt;

        public static Contents Of(Bookings bookings)
        {
            var plates = new Dictionary<string, List<(DateTimeOffset, Cargo)>>(StringComparer.Ordinal);
            foreach (var booking in bookings.Bookings_.Where(b => b.CrossingAt is not null))
            {
                foreach (var plate in new[] { booking.Registration, booking.Trailer }.Where(p => p.Length > 0).Select(PlateText.Merge))
                {
                    (plates.TryGetValue(plate, out var booked) ? booked : plates[plate] = []).Add((booking.CrossingAt.ToDateTimeOffset(), booking.Cargo));
                }
            }

            return new(bookings.Number, bookings.IssuedAt?.ToDateTimeOffset() ?? DateTimeOffset.MinValue, plates);
        }
    }
}
