using Anpr.Models.Plates;
using Anpr.Simulation.Sensors;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Tests.Sensors;

public sealed class TwinTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PlannedVehicle Empty = new TrafficPlan(new RegistrationMaker(CountryTable.LoadShipped()), 1).At("coquelles", 0);
    private static readonly PlannedVehicle Occupied = Empty with { People = 4 };

    [Theory]
    // The table of rises for G = 0.0039 L/s: 4 persons, 60 m3, 60 minutes, 0.3, 1 and 3 changes an hour; half a per cent for rounding of G.
    [InlineData(0.3, 809)]
    [InlineData(1, 592)]
    [InlineData(3, 296)]
    public void InsidePpm_FourPeopleForAnHour_RisesAsThePhysicsSays(double changesPerHour, double rise) =>
        Assert.Equal(rise, CargoAir.InsidePpm(4, 1, 60, changesPerHour) - CargoAir.OutsidePpm, rise * 0.005);

    [Fact]
    public void Co2Twin_OccupiedVehicle_RisesOverOutside()
    {
        Assert.True(Rise(Occupied) > 150);
        Assert.InRange(Rise(Empty), -40, 40);
        Assert.InRange(Rise(null), -40, 40);
    }

    [Fact]
    public void HeartbeatTwin_OccupiedVehicle_ShakesTheFrameMoreThanTheGround()
    {
        Assert.True(FrameOverGround(Occupied) > 2 * FrameOverGround(Empty));
    }

    private static double Rise(PlannedVehicle? standing)
    {
        var twin = new Co2Twin("co2-1", "boot", new Random(3));
        var last = Enumerable.Range(0, 5).Select(second => twin.Next(standing, Noon.AddSeconds(second))).ToArray()[^1];
        Assert.Equal(4, last.Sequence);
        return last.Readings.Single(reading => reading.Name == "inside").Value - last.Readings.Single(reading => reading.Name == "outside").Value;
    }

    private static double FrameOverGround(PlannedVehicle vehicle)
    {
        var twin = new HeartbeatTwin("heartbeat-1", "boot", new Random(3));
        var blocks = Enumerable.Range(0, 10).Select(second => twin.Next(vehicle, standing: true, Noon.AddSeconds(second))).ToArray();
        double Power(int channel) => blocks.SelectMany(block => block.Counts.Where((_, i) => i % block.Channels == channel)).Average(count => (double)count * count);
        return Power(0) / Power(3);
    }
}
