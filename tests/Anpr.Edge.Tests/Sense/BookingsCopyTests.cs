using System.Security.Cryptography;
using Anpr.Edge.Ops;
using Anpr.Edge.Outbox;
using Anpr.Edge.Passage;
using Anpr.Edge.Score;
using Anpr.Edge.Sense;
using Anpr.Edge.Tests.Hub;
using Anpr.Hardware.Bus;
using Anpr.Proto.V1;
using CsCheck;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Edge.Tests.Sense;

public sealed class BookingsCopyTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly TestAuthority _authority = new();
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("anpr-bookings-").FullName, "bookings.bin");

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);
    }

    [Fact]
    public void CargoOf_TractorOrTrailer_TheNearestCrossing()
    {
        var copy = Open();
        Assert.Equal(BookingsOutcome.Taken, copy.Apply(Sign(Noon, Booked("AB12CDO", "TR1", 3, Cargo.Produce), Booked("AB12CDO", "", 20, Cargo.Dry), Booked("XY1", "", 30, Cargo.Live))));

        Assert.Equal(Cargo.Produce, copy.CargoOf(["AB12CD0"], Noon)); // one glyph for O and 0
        Assert.Equal(Cargo.Produce, copy.CargoOf(["TR1", "NOTBOOKED"], Noon));
        Assert.Equal(Cargo.Dry, copy.CargoOf(["AB12CDO"], Noon.AddHours(14)));
        Assert.Equal(Cargo.Unknown, copy.CargoOf(["XY1"], Noon)); // it crosses too late
        Assert.Equal(Cargo.Produce, Open().CargoOf(["TR1"], Noon)); // kept on disk, for a lane that is cut off
    }

    [Fact]
    public void CargoOf_PlatesThatSayDifferentThings_IsUnknown()
    {
        var copy = Open();
        copy.Apply(Sign(Noon, Booked("AB1", "", 3, Cargo.Dry), Booked("", "TR1", 3, Cargo.Live)));

        Assert.Equal(Cargo.Unknown, copy.CargoOf(["AB1", "TR1"], Noon));
    }

    [Fact]
    public void Apply_OlderThanWhatIsHeld_IsPassedOver()
    {
        var copy = Open();
        copy.Apply(Sign(Noon, Booked("AB1", "", 3, Cargo.Dry)));

        Assert.Equal(BookingsOutcome.Older, copy.Apply(Sign(Noon.AddSeconds(-1))));
        Assert.Equal(1, copy.Count);
    }

    /// <summary>After a failover the other hub's clock may be an hour behind: what counts is the number that both keep together.</summary>
    [Fact]
    public void Apply_ANewerNumberByAClockThatIsBehind_IsTaken()
    {
        var copy = Open();
        copy.Apply(Sign(Noon, 7, Booked("AB1", "", 3, Cargo.Dry)));

        Assert.Equal(BookingsOutcome.Taken, copy.Apply(Sign(Noon.AddHours(-1), 7, Booked("AB1", "", 3, Cargo.Dry), Booked("AB2", "", 3, Cargo.Dry))));
        Assert.Equal(BookingsOutcome.Taken, copy.Apply(Sign(Noon.AddHours(-1), 8, Booked("AB1", "", 3, Cargo.Dry), Booked("AB2", "", 3, Cargo.Dry), Booked("AB3", "", 3, Cargo.Dry))));
        Assert.Equal(BookingsOutcome.Older, Open().Apply(Sign(Noon.AddHours(1), 7)));
        Assert.Equal(3, Open().Count);
    }

    /// <summary>Nothing else that the key signs passes for bookings, and no changed byte does.</summary>
    [Fact]
    public void Apply_SignedOtherwiseOrChanged_IsRefused()
    {
        var signed = Sign(Noon, Booked("AB1", "", 3, Cargo.Dry));
        var copy = Open();

        Assert.Equal(BookingsOutcome.Forged, copy.Apply(new SignedBookings { Bookings = signed.Bookings, Signature = ByteString.CopyFrom(_authority.WatchlistKey.SignData(signed.Bookings.Span, HashAlgorithmName.SHA256)) }));
        Gen.Int[0, signed.Bookings.Length - 1].Sample(
            i =>
            {
                var bytes = signed.Bookings.ToByteArray();
                bytes[i] ^= 1;
                return copy.Apply(new SignedBookings { Bookings = ByteString.CopyFrom(bytes), Signature = signed.Signature }) == BookingsOutcome.Forged;
            },
            iter: 50);
        Assert.Equal(0, copy.Count);
    }

    /// <summary>Whatever stands in the file, the lane starts.</summary>
    [Fact]
    public void Open_AnyFile_StartsEmpty() => Gen.Byte.Array[0, 100].Sample(
        bytes =>
        {
            File.WriteAllBytes(_file, bytes);
            return Open().Count == 0;
        },
        iter: 100,
        threads: 1);

    [Fact]
    public void Open_ACopyThatIsTwoDaysOld_IsForgotten()
    {
        Open().Apply(Sign(Noon, Booked("AB1", "", 3, Cargo.Dry)));
        _time.Advance(TimeSpan.FromDays(2) + TimeSpan.FromSeconds(1));

        Assert.Equal(0, Open().Count);
        Assert.False(File.Exists(_file));
    }

    /// <summary>The plate that names the cargo may come after the first revision: the sensors are asked anew at once.</summary>
    [Fact]
    public void Score_WhenABookedPlateIsRead_AsksTheSensorsAnew()
    {
        var copy = Open();
        copy.Apply(Sign(Noon, Booked("AB12CDE", "", 3, Cargo.Live)));
        var sensors = new Sensors("calais", "calais-1", new SenseOptions(), new LaneStatus(_time, NullLogger.Instance), _time, NullLogger.Instance);
        sensors.Received("anpr/v1/calais/calais-1/co2-1/$description", SensorsDescription);
        sensors.Received("anpr/v1/calais/calais-1/co2-1/$state", "ready"u8.ToArray());
        var scores = new PassageScores(new Scorer(new ScoreOptions()), sensors, copy, TimeSpan.Zero, _time);
        var (passage, sighting) = (Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon));
        var change = Outbox.Passages.Change(passage, sighting, 1, RecordStage.Provisional, []);

        var before = scores.Score(change with { Sighting = null }).Evidence.Single(e => e.Kind == EvidenceKinds.Co2);
        var after = scores.Score(change with { Sighting = change.Sighting! with { Text = "AB12CDE" } }).Evidence.Single(e => e.Kind == EvidenceKinds.Co2);

        Assert.DoesNotContain("animals", before.Veto, StringComparison.Ordinal);
        Assert.Contains("live animals", after.Veto, StringComparison.Ordinal);
    }

    private static readonly byte[] SensorsDescription =
        new DeviceDescription("co2", "1", "1", "1", TimeSpan.FromSeconds(2), [new DeviceChannel("inside", "ppm", "probe"), new DeviceChannel("outside", "ppm", "air")]).ToJson();

    private BookingsCopy Open() => new(_file, _authority.WatchlistKey, _time, NullLogger.Instance);

    private static Booking Booked(string registration, string trailer, int hours, Cargo cargo) =>
        new() { Registration = registration, Trailer = trailer, CrossingAt = Noon.AddHours(hours).ToTimestamp(), Cargo = cargo };

    private SignedBookings Sign(DateTimeOffset issued, params Booking[] booked) => Sign(issued, 0, booked);

    private SignedBookings Sign(DateTimeOffset issued, ulong number, params Booking[] booked)
    {
        var bookings = new Bookings { IssuedAt = issued.ToTimestamp(), Number = number };
        bookings.Bookings_.AddRange(booked);
        var bytes = bookings.ToByteArray();
        return new SignedBookings { Bookings = ByteString.CopyFrom(bytes), Signature = ByteString.CopyFrom(_authority.WatchlistKey.SignData([.. BookingsCopy.Context, .. bytes], HashAlgorithmName.SHA256)) };
    }
}
