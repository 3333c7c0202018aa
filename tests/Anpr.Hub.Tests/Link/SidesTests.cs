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
        Assert.True(new Sides(0, 5).Odds(Side.Rear) > 1.8);
    }

    // A share of all there is: what one side gains the other loses.
    [Fact]
    public void Odds_OfBothSides_AreTheirShares() => Gen.Select(Gen.Int[0, 500], Gen.Int[0, 500]).Sample((front, rear) =>
        Math.Abs(new Sides(front, rear).Odds(Side.Front) + new Sides(front, rear).Odds(Side.Rear) - 2) < 1e-9 && new Sides(front, rear).Odds(Side.Front) > 0);
}
