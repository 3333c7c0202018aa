using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;
using Anpr.Edge.Track;
using CsCheck;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Passage;

public sealed class ReadGateTests : IDisposable
{
    private static readonly Box Place = new(200, 150, 300, 175);

    private readonly ReadGate _gate = new();
    private readonly Mat _lane = new(360, 640, MatType.CV_8UC3, Scalar.All(90));
    private double _second;
    private int _reads;

    public ReadGateTests() => Write("AB123CD");

    [Fact]
    public void Recall_PlateThatStands_FiveReadsThenOneInTenSeconds()
    {
        for (var i = 0; i < 500; i++)
        {
            Find(Place);
        }

        // 100 s at 5 frames a second: five, then one each 10 s.
        Assert.InRange(_reads, 13, 15);
    }

    [Fact]
    public void Recall_PlateThatStands_ComesAgainWhereItIsFoundNowAndIsNoEvidence()
    {
        Stand();
        var moved = Place.Moved(new(1, 1));

        var look = Find(moved);

        Assert.NotNull(look);
        Assert.True(look.Repeated);
        Assert.Equal(moved, look.Plate.Box);
        Assert.Equal("AB123CD", look.Read.Text);
    }

    [Theory]
    [InlineData("AB123CE")]
    [InlineData("AB128CD")]
    [InlineData(" ")]
    public void Recall_OtherCharactersInItsPlace_AreRead(string text)
    {
        Stand();
        Write(text);

        Assert.Null(Find(Place));
    }

    [Fact]
    public void Recall_OtherPlace_IsRead() => Gen.Select(Gen.Int[-150, 300], Gen.Int[-120, 150]).Sample((x, y) =>
    {
        using var test = new ReadGateTests();
        test.Stand();
        var there = Place.Moved(new(x, y));
        Assert.Equal(there.IoU(Place) > 0.7f, test.Find(there) is not null);
    });

    [Fact]
    public void Recall_PlateThatGrows_IsRead()
    {
        for (var i = 0; i < 20; i++)
        {
            var place = new Box(200 - i, 150 - (i / 4), 300 + i, 175 + (i / 4));
            Cv2.Rectangle(_lane, place.Pixels(), Scalar.All(220), -1);
            Assert.Null(Find(place));
        }
    }

    [Fact]
    public void Recall_PlateThatWasGoneForSeconds_IsRead()
    {
        Stand();
        _second += 3;

        Assert.Null(Find(Place));
    }

    [Fact]
    public void Recall_ClockRunsBack_IsRead()
    {
        Stand();
        _second = -100;

        Assert.Null(Find(Place));
    }

    [Fact]
    public void Recall_GrainOfALightPicture_IsNoChange()
    {
        var random = new RNG(1);
        for (var i = 0; i < 50; i++)
        {
            using var noise = new Mat(_lane.Size(), MatType.CV_16SC3);
            using var grainy = new Mat();
            random.Fill(noise, DistributionType.Normal, 0, 2);
            Cv2.Add(_lane, noise, grainy, null, (int)MatType.CV_8U);
            Find(Place, grainy);
        }

        Assert.InRange(_reads, 5, 6);
    }

    public void Dispose()
    {
        _gate.Dispose();
        _lane.Dispose();
    }

    private void Stand()
    {
        for (var i = 0; i < 6; i++)
        {
            Find(Place);
        }
    }

    private void Write(string text)
    {
        Cv2.Rectangle(_lane, Place.Pixels(), Scalar.All(220), -1);
        Cv2.PutText(_lane, text, new((int)Place.X1 + 4, (int)Place.Y2 - 5), HersheyFonts.HersheySimplex, 0.7, Scalar.All(20), 2);
    }

    // As Vision does: what is not recalled is read, and remembered.
    private PlateLook? Find(Box box, Mat? pixels = null)
    {
        _second += 0.2;
        var time = DateTimeOffset.UnixEpoch.AddSeconds(1000 + _second);
        using var picture = Picture.Of((pixels ?? _lane).Clone());
        var plate = new Plate(Quad.Of(box), box, 0.9f);
        var look = _gate.Recall(picture, plate, time);
        if (look is null)
        {
            _reads++;
            _gate.Remember(picture, new(plate, Scene.Read("AB123CD", 0.9f), 0.5f), time);
        }

        return look;
    }
}
