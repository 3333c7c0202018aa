using System.Text;
using Anpr.Hardware.Bus;

namespace Anpr.Simulation.Tests.Bus;

public sealed class DeviceDescriptionTests
{
    [Fact]
    public void TryParse_OfToJson_GivesTheSameDescription()
    {
        var description = new DeviceDescription("co2", "SIM-1", "1.0", "b1", TimeSpan.FromSeconds(2), [new("inside", "ppm", "probe")], new DateOnly(2026, 2, 3), true);
        Assert.True(DeviceDescription.TryParse(description.ToJson(), out var read));
        Assert.Equal(description with { Channels = read!.Channels }, read);
        Assert.Equal(description.Channels, read.Channels);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"kind":"co2"}""")]
    public void TryParse_NoDescription_IsRefused(string json) => Assert.False(DeviceDescription.TryParse(Encoding.UTF8.GetBytes(json), out _));
}
