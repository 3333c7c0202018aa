using System.Text;
using Anpr.Hardware.Bus;

namespace Anpr.Simulation.Tests.Bus;

public sealed class SenMlPackTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TryParse_OfToJson_GivesTheSameReadings()
    {
        var pack = new SenMlPack("b7", 12, [new("inside", "ppm", 812.5, Noon.AddSeconds(2)), new("outside", "ppm", 426, Noon)]);
        Assert.True(SenMlPack.TryParse(pack.ToJson(), out var read));
        Assert.Equal(("b7", 12L), (read!.Boot, read.Sequence));
        Assert.Equal(pack.Readings, read.Readings);
    }

    [Fact]
    public void TryParse_BaseFields_AreResolved()
    {
        // RFC 8428 section 4.6: base name is put before, base time and base value are added, base unit fills in.
        var json = """[{"bn":"co2-1:","bt":1000,"bu":"ppm","bv":400,"n":"inside","v":12},{"n":"outside","v":26,"t":-5}]""";
        Assert.True(SenMlPack.TryParse(Encoding.UTF8.GetBytes(json), out var pack));
        Assert.Equal(
            [
                new Reading("co2-1:inside", "ppm", 412, DateTimeOffset.UnixEpoch.AddSeconds(1000)),
                new Reading("co2-1:outside", "ppm", 426, DateTimeOffset.UnixEpoch.AddSeconds(995)),
            ],
            pack!.Readings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("""{"n":"inside"}""")]
    [InlineData("""[{"n":"inside","v":"much"}]""")]
    [InlineData("""[{"n":"inside","v":1,"bt":1e300}]""")]
    public void TryParse_NoPack_IsRefused(string json) => Assert.False(SenMlPack.TryParse(Encoding.UTF8.GetBytes(json), out _));
}
