using Anpr.Edge.Passage;

namespace Anpr.Edge.Tests.Passage;

/// <summary>What reads like text and is no registration: lettering, words, barriers, stripes of the lane.</summary>
public sealed class PassageLetteringTests
{
    [Fact]
    public void See_LetteringOnTheVehicle_OnePassageWithTheRegistration()
    {
        var lorry = new Vehicle("AB123CD", 2, 14);
        var lettering = new Vehicle("TRANSCO", 2, 14) { Way = s => { var (x, y, w) = lorry.Way(s); return (x, y - (2.5f * w), 1.4f * w); }, Share = 0 };

        Assert.Equal(["AB123CD"], new Scene().Run(0, 25, 5, true, lorry, lettering).Texts);
        Assert.Equal(["AB123CD"], new Scene().Run(0, 25, 5, false, lettering, lorry).Texts);
    }

    [Fact]
    public void See_BarrierThatReadsLikeText_NoPassageOfItsOwn()
    {
        var barrier = new Vehicle("WWW", -1, 60) { Way = _ => (400, 700, 200), Share = 0 };

        Assert.Equal(["AB123CD"], new Scene().Run(0, 30, 5, true, barrier, new Vehicle("AB123CD", 5, 14)).Texts);
    }

    [Fact]
    public void See_CoveredPlateWithBarrierAndLettering_PassageWithoutSighting()
    {
        var barrier = new Vehicle("WWW", -1, 60) { Way = _ => (400, 700, 200), Share = 0 };
        var lettering = new Vehicle("VASTERLO", 5, 14) { Way = s => (900, 200, 150), Share = 0 };

        Assert.Equal([null], new Scene().Run(0, 30, 5, true, barrier, lettering, new Vehicle(null, 5, 14)).Texts);
    }

    [Fact]
    public void See_StripeOfTheLaneInPlaceOfThePlate_PassageEndsWithTheVehicle()
    {
        // Where the plate was last seen a stripe is taken for one, without text: the track goes on, the vehicle does not.
        var plate = new Vehicle("AB123CD", 2, 60) { Misread = s => s < 12 ? "AB123CD" : "", Share = 0 };
        var scene = new Scene().Run(0, 30, 5, true, plate, new Vehicle(null, 2, 14));

        Assert.Equal(["AB123CD"], scene.Texts);
        Assert.InRange(scene.Closed[0].ClosedAt!.Value, Scene.At(13.5), Scene.At(14.5));
    }

    [Fact]
    public void See_StripeOfTheLaneReadAsTextLongAgo_NoVehicleOfItsOwn()
    {
        var stripe = new Vehicle("", 0, 60) { Way = _ => (400, 700, 200), Share = 0, Misread = s => s < 1.3 ? "UUI1" : "", Confidence = 0.6f };

        Assert.Equal(["AB123CD"], new Scene().Run(0, 30, 5, true, stripe, new Vehicle("AB123CD", 10, 20)).Texts);
    }

    [Fact]
    public void See_StripesOnTheSideOfALeavingLorry_NoSecondVehicle()
    {
        string[] stripes = ["UVY5", "VV1", "UVVH11", "UV1", "UV1"];
        var side = new Vehicle("", 9, 10) { Way = s => (540 + (50 * (float)s), 48, 140), Share = 0, Misread = s => stripes[(int)Math.Round(s * 5) % 5], Confidence = 0.3f };

        Assert.Equal(["AB123CD"], new Scene().Run(0, 25, 5, true, new Vehicle("AB123CD", 2, 8), side, new Vehicle(null, 2, 14)).Texts);
    }

    [Theory]
    [InlineData("VASTERL00")]
    [InlineData("1NTERTRANS")]
    public void See_LetteringWhoseDigitsMayBeLetters_NoSighting(string text)
    {
        var lettering = new Vehicle(text, 5, 14) { Way = s => (900, 200, 150), Share = 0, Confidence = 0.9f };

        Assert.Equal([null], new Scene().Run(0, 30, 5, true, lettering, new Vehicle(null, 5, 14)).Texts);
    }

    [Fact]
    public void See_WordThatTheFormatsSpellWithDigits_NoSighting()
    {
        var word = new Vehicle("TERLOO", 5, 14) { Way = s => (900, 200, 150), Share = 0, Confidence = 0.97f, Twin = 0.45f };
        Assert.Equal([null], new Scene().Run(0, 30, 5, true, word, new Vehicle(null, 5, 14)).Texts);
    }

    [Fact]
    public void See_RegistrationWithALetterReadForItsDigit_OpensAPassage()
    {
        var plate = new Vehicle("ABO2CDE", 5, 14) { Twin = 0.1f, Confidence = 0.7f };

        Assert.Equal(["AB02CDE"], new Scene().Run(0, 30, 5, false, plate).Texts);
        Assert.Equal(["AB02CDE"], new Scene().Run(0, 30, 5, true, plate).Texts);
    }

    [Fact]
    public void See_LetteringWhoseBoxJumps_OnePassage()
    {
        var lorry = new Vehicle("AB123CD", 2, 14);
        var lettering = new Vehicle("STERLOO", 2, 14) { Way = s => (900 + (200 * (int)(s * 5) % 3), 200, 150), Share = 0 };

        Assert.Equal(["AB123CD"], new Scene().Run(0, 25, 5, true, lettering, lorry).Texts);
    }
}
