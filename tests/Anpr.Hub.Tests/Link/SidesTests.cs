using Anpr.Hub.Link;
using Anpr.Proto.V1;
using CsCheck;

namespace Anpr.Hub.Tests.Link;

/// <summary>On which side a plate is read tells a trailer from what pulls it.</summary>
public sealed class SidesTests
{
    [Fact]
    public void Odds_OfAVehicleNeverSeen_AndOfAReadWithoutASide_SayNothing()
    {
        Assert.Equal((1.0, 1.0, 1.0), (default(Sides).Odds(Side.Front), default(Sides).Odds(Side.Rear), new Sides(7, 0).Odds(Side.Unspecified)));
        Assert.Equal(new Sides(2, 1), new Sides(2, 1).With(Side.Unspecified));
    }

    [Fact]
    public void Odds_OfATrailer_FallInFrontWithEachSighting()
    {
        var odds = Enumerable.Range(0, 6).Select(n => new Sides(0, n).Odds(Side.Front)).ToList();

        Assert.Equal(odds.OrderDescending(), odds);
        Assert.Equal(1.0 / 6, odds[5], 1e-9);
        Assert.Equal(1, new Sides(0, 5).Odds(Side.Rear));
    }

    // Each camera sees the side it looks at of everybody: the side on which a vehicle always was may count against others, never for it.
    [Fact]
    public void Odds_OfTheSideSeenMore_SpeakForNobody() => Gen.Select(Gen.Int[0, 500], Gen.Int[0, 500]).Sample((front, rear) =>
    {
        var (more, less) = front >= rear ? (Side.Front, Side.Rear) : (Side.Rear, Side.Front);
        var sides = new Sides(front, rear);
        return sides.Odds(more) == 1 && sides.Odds(less) is > 0 and <= 1 && (Math.Min(front, rear) > 0 || sides.Odds(less) <= 1.0 / (1 + Math.Max(front, rear)) + 1e-12);
    });
}
