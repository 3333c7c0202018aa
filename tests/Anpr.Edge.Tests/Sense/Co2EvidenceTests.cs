using Anpr.Edge.Sense;
using Anpr.Hardware.Bus;
using CsCheck;
using Cargo = Anpr.Proto.V1.Cargo;

namespace Anpr.Edge.Tests.Sense;

public sealed class Co2EvidenceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // Rises of the table in the physics of CO2 in a closed trailer: people, hours, air changes an hour, free m³.
    [Theory]
    [InlineData(1, 1, 1, 90, 99)]
    [InlineData(1, 0.5, 0.3, 90, 72)]
    [InlineData(4, 1, 1, 60, 592)]
    [InlineData(4, 2, 3, 60, 311)]
    [InlineData(10, 2, 1, 60, 2023)]
    public void RisePpm_AsTheTable(int people, double hours, double changes, double free, double ppm) =>
        Assert.Equal(ppm, Co2Evidence.RisePpm(people, hours, changes, free), ppm * 0.01);

    [Fact]
    public void Llr_OfPlainAir_SpeaksAgainstAndOfAFewHundredPpm_For()
    {
        // ln 0.2: plain air never clears a vehicle.
        Assert.InRange(Co2Evidence.Llr(0), Math.Log(0.2), -0.5);
        Assert.InRange(Co2Evidence.Llr(300), 1.5, 4);
        Assert.Equal(0, Co2Evidence.Llr(-5000));
    }

    [Fact]
    public void Llr_OverTheWholeNull_HasMeanRatioOne()
    {
        // A likelihood ratio integrates to one under its own null: sum of LR(x) f0(x) = sum of f1(x). By Monte Carlo over f0.
        var random = new Random(4);
        var mean = Enumerable.Range(0, 50_000).Average(_ =>
        {
            var x = random.NextDouble() < 0.05 ? -300 * Math.Log(1 - random.NextDouble()) : 15 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return Math.Exp(Co2Evidence.Llr(x));
        });
        Assert.InRange(mean, 0.85, 1.15);
    }

    [Fact]
    public void Judge_ProbeAtTheCargoForAPartOnly_TakesThatPart()
    {
        var device = Device([.. Enumerable.Range(0, 40).Select(i => i is > 10 and < 25 ? 850.0 + i : 430 + (i % 3))]);
        var evidence = Co2Evidence.Judge(device, Noon, Noon.AddMinutes(1));
        Assert.Equal("", evidence.Veto);
        Assert.Matches(@"^CO2 \+4[0-9][0-9] ppm over ambient$", evidence.Words);
        Assert.True(evidence.Llr > 1.5);
    }

    /// <summary>The more likely it is that the cargo gives off CO2, the less CO2 says of people.</summary>
    [Fact]
    public void Llr_OfARise_IsTheWeakerTheMoreTheCargoGivesOff() => Gen.Double[150, 1500].Sample(ppm =>
    {
        var (dry, unknown, timber) = (Co2Evidence.Llr(ppm, Cargo.Dry), Co2Evidence.Llr(ppm), Co2Evidence.Llr(ppm, Cargo.Timber));
        return dry > unknown && unknown > timber;
    });

    [Fact]
    public void Judge_OfBookedTimber_SaysSo() =>
        Assert.EndsWith("timber is booked", Co2Evidence.Judge(Device([.. Enumerable.Range(0, 20).Select(i => 700.0 + (i % 4))]), Noon, Noon.AddMinutes(1), Cargo.Timber).Words, StringComparison.Ordinal);

    [Fact]
    public void Judge_OfAnySensorOffset_GivesTheSame() => Gen.Double[-80, 400].Sample(offset =>
    {
        var air = Enumerable.Range(0, 20).Select(i => 700.0 + (i % 4)).ToArray();
        var plain = Co2Evidence.Judge(Device(air), Noon, Noon.AddMinutes(1)).Llr;
        var off = Co2Evidence.Judge(Device([.. air.Select(a => a + offset)], 425 + offset), Noon, Noon.AddMinutes(1)).Llr;
        Assert.Equal(plain, off, 1e-6);
    });

    [Theory]
    [InlineData("too short", 4, 700, 1)]
    [InlineData("always says the same", 20, 700, 0)]
    [InlineData("out of range", 20, 50_000, 1)]
    [InlineData("out of range", 20, 0, 1)]
    public void Judge_OfAUselessSensor_IsVetoed(string why, int count, double ppm, double step)
    {
        var evidence = Co2Evidence.Judge(Device([.. Enumerable.Range(0, count).Select(i => ppm + (step * (i % 3)))]), Noon, Noon.AddMinutes(1));
        Assert.Contains(why, evidence.Veto, StringComparison.Ordinal);
        Assert.Equal(0, evidence.Llr);
        Assert.NotEqual(evidence.Words, evidence.WordsFr);
    }

    private static Device Device(double[] inside, double outside = 425)
    {
        var device = new Device("co2-1", TimeSpan.FromMinutes(10));
        for (var i = 0; i < inside.Length; i++)
        {
            var at = Noon.AddSeconds(i);
            var pack = new SenMlPack("b1", i, [new("inside", "ppm", inside[i], at), new("outside", "ppm", outside + (i % 2), at)]);
            Assert.True(device.TakeData(pack.ToJson(), at, (_, _) => { }));
        }

        return device;
    }
}
