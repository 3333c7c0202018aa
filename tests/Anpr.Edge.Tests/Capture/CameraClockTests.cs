using System.Buffers.Binary;
using Anpr.Edge.Capture;
using CsCheck;

namespace Anpr.Edge.Tests.Capture;

public sealed class CameraClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void FromPictures_CameraStamps_ItsDifferenceLessTheQuickestWay() =>
        Gen.Select(Gen.Double[-5000, 5000], Gen.Int[0, 1_000_000]).Sample((ahead, seed) =>
        {
            var found = CameraClock.FromPictures(Pictures(ahead, 100, seed));

            Assert.InRange(found!.Value.TotalSeconds, ahead - 0.061, ahead - 0.009);
        });

    /// <summary>What ffmpeg stamps itself, because the camera tells no time, follows the arrival: nobody's clock is compared with the box's own.</summary>
    [Fact]
    public void FromPictures_StampedOnArrival_Nothing() =>
        Gen.Int[0, 1_000_000].Sample(seed => Assert.Null(CameraClock.FromPictures(Pictures(null, 400, seed))));

    /// <summary>The first report comes late: what was stamped here before counts only where the clocks agree to some tenths of a second.</summary>
    [Fact]
    public void FromPictures_ReportAfterSixSeconds_TheCamerasDifference() =>
        Gen.Select(Gen.Double[-5, 5], Gen.Int[0, 1_000_000]).Sample((ahead, seed) =>
        {
            var found = CameraClock.FromPictures([.. Pictures(null, 150, seed), .. Pictures(ahead, 400, seed).Skip(150)]);

            Assert.InRange(found!.Value.TotalSeconds, ahead - 0.061, ahead + 0.36);
        });

    [Fact]
    public void ProducerTimes_BoxesAmongOthers_EachTime() =>
        Gen.Select(Gen.Long[-2_000_000_000, 2_000_000_000], Gen.UInt, Gen.Byte.Array[0, 9000], Gen.Bool).Array[0, 20].Sample(boxes =>
        {
            using var stream = new MemoryStream();
            foreach (var (seconds, media, other, large) in boxes)
            {
                Box(stream, "mdat", other, large);
                var body = new byte[24];
                BinaryPrimitives.WriteUInt64BigEndian(body.AsSpan(8), ((ulong)(seconds + 2_208_988_800) << 32) + 0x8000_0000);
                BinaryPrimitives.WriteUInt64BigEndian(body.AsSpan(16), media);
                Box(stream, "prft", body, large);
            }

            stream.Position = 0;
            Assert.Equal(
                boxes.Select(b => (DateTimeOffset.FromUnixTimeSeconds(b.Item1).AddSeconds(0.5), b.Item2 / 90_000.0)),
                ProducerTimes.Read(stream, 90_000));
        });

    [Fact]
    public void ProducerTimes_AnyBytes_EndOrInvalidData() =>
        Gen.OneOf(Gen.Byte.Array[0, 200], Gen.Byte.Array[0, 60].Select(tail => (byte[])[0, 0, 0, 32, (byte)'p', (byte)'r', (byte)'f', (byte)'t', .. tail])).Sample(bytes =>
        {
            using var stream = new MemoryStream(bytes);
            try
            {
                foreach (var (wall, media) in ProducerTimes.Read(stream, 90_000))
                {
                    Assert.InRange(wall.Year, 1900, 2036);
                    Assert.True(media >= 0);
                }
            }
            catch (InvalidDataException)
            {
                // Said so.
            }
        });

    // 25 a second, on their way for 10 to 60 ms; every 3 s a second passes in which none is taken, and all of them come at its end.
    private static IEnumerable<(DateTimeOffset Arrival, DateTimeOffset Wall, double Media)> Pictures(double? ahead, int count, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var media = i * 0.04;
            var due = media + 0.01 + (0.05 * random.NextDouble());
            var place = due % 3;
            var arrival = Start.AddSeconds(place < 2 ? due : due - place + 3);
            yield return (arrival, ahead is { } a ? Start.AddSeconds(media + a) : arrival, media);
        }
    }

    private static void Box(Stream to, string type, byte[] body, bool large)
    {
        var header = new byte[large ? 16 : 8];
        BinaryPrimitives.WriteUInt32BigEndian(header, large ? 1 : (uint)(8 + body.Length));
        System.Text.Encoding.ASCII.GetBytes(type, header.AsSpan(4));
        if (large)
        {
            BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(8), (ulong)(16 + body.Length));
        }

        to.Write(header);
        to.Write(body);
    }
}
