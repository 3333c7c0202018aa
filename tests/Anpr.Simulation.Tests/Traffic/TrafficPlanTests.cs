using Anpr.Models.Plates;
using Anpr.Simulation.Scene;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Tests.Traffic;

public sealed class TrafficPlanTests
{
    private const int Slots = 300;

    private static readonly CountryTable Table = CountryTable.LoadShipped();

    // As the lanes of a simulation are configured: how far each port's clock is behind.
    private static readonly Dictionary<string, TimeSpan> Behind = new(StringComparer.Ordinal)
    {
        ["calais"] = TimeSpan.Zero,
        ["coquelles"] = TimeSpan.FromMinutes(10),
        ["dunkerque"] = TimeSpan.FromMinutes(40),
    };

    [Fact]
    public void At_SameSeed_IsTheSameVehicle()
    {
        var (one, other) = (Plan(7).At("calais", 40), Plan(7).At("calais", 40));
        Assert.Equal((one.Vehicle, one.Registration.Text, one.LookSeed), (other.Vehicle, other.Registration.Text, other.LookSeed));
        Assert.NotEqual(one.Registration.Text, Plan(8).At("calais", 40).Registration.Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void For_EveryVehicle_FitsItsSlotAndItsCountry(int seed)
    {
        foreach (var port in TrafficPlan.Ports)
        {
            foreach (var vehicle in Plan(seed).For(port).Take(Slots))
            {
                Assert.Contains(vehicle.Registration.Country, Table.Match(vehicle.Registration.Text));
                Assert.True(vehicle.Starts >= vehicle.Slot * TrafficPlan.SlotLength);
                // Two seconds of empty lane part it from the next one.
                Assert.True(vehicle.Starts + TimeSpan.FromSeconds(new Drive(vehicle).GoneAfter + 2) <= (vehicle.Slot + 1) * TrafficPlan.SlotLength, $"{port} {vehicle}");
            }
        }
    }

    [Fact]
    public void For_VehiclesThatComeAgain_NeedTheWayBetweenThePorts()
    {
        var visits = TrafficPlan.Ports
            .SelectMany(port => Plan(1).For(port).Take(Slots).Select(vehicle => (Port: port, vehicle.Vehicle, Time: vehicle.Starts - Behind[port])))
            .GroupBy(visit => visit.Vehicle)
            .Where(vehicle => vehicle.Count() > 1)
            .Select(vehicle => vehicle.OrderBy(visit => visit.Time).ToArray())
            .ToArray();
        Assert.True(visits.Length > Slots / 5);
        Assert.All(visits, journey =>
        {
            Assert.Equal(2, journey.Length);
            Assert.Equal("calais", journey[1].Port);
            Assert.True(journey[1].Time - journey[0].Time >= TimeSpan.FromMinutes(journey[0].Port == "coquelles" ? 8 : 35));
        });
    }

    [Fact]
    public void For_DifferentVehicles_HaveDifferentTexts()
    {
        var vehicles = TrafficPlan.Ports.SelectMany(port => Plan(1).For(port).Take(Slots)).DistinctBy(vehicle => vehicle.Vehicle).ToArray();
        Assert.Equal(vehicles.Length, vehicles.Select(vehicle => vehicle.Registration.Text).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void For_FirstMinute_ShowsAJourneyAndWatchedVehicles()
    {
        var first = TrafficPlan.Ports.SelectMany(port => Plan(1).For(port).Take(3).Select(vehicle => (Port: port, Vehicle: vehicle))).ToArray();
        Assert.Contains(first.GroupBy(visit => visit.Vehicle.Vehicle), vehicle => vehicle.Select(visit => visit.Port).Distinct(StringComparer.Ordinal).Count() > 1);
        Assert.Contains(first, visit => visit.Vehicle.Watched && visit.Vehicle.Slot == 0);
        Assert.All(first, visit => Assert.Equal(PlateCover.None, visit.Vehicle.Cover));
    }

    [Fact]
    public void For_ThreeHundredAtCoquelles_CoversThirtyPlates() =>
        Assert.Equal(30, Plan(1).For("coquelles").Take(Slots).Count(vehicle => vehicle.Cover != PlateCover.None));

    private static TrafficPlan Plan(int seed) => new(new RegistrationMaker(Table), seed);
}
