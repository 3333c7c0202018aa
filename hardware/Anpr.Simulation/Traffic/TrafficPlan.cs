namespace Anpr.Simulation.Traffic;

/// <summary>
/// Who comes when to which port: the same for the same seed in every process, without end. Each vehicle has a slot of its
/// own, so that two never share the picture and the ports' clocks cannot drift apart. Vehicles that come a second time
/// come to calais, after coquelles or dunkerque: with the ports' shifted clocks the way between them is long enough.
/// </summary>
/// <param name="maker">Makes the registrations.</param>
/// <param name="seed">Any number.</param>
/// <param name="coveredEvery">Of so many vehicles the plate of one cannot be read.</param>
/// <param name="only">The one kind that comes; null for the mix.</param>
internal sealed class TrafficPlan(RegistrationMaker maker, int seed, int coveredEvery = 10, VehicleKind? only = null)
{
    /// <summary>From one vehicle's coming into view to the next one's: longer than the longest drive.</summary>
    public static readonly TimeSpan SlotLength = TimeSpan.FromSeconds(18.5);

    // The first slots show what the plan is about: a watched vehicle at once, two journeys, one of a watched vehicle.
    private const int FirstWatchedSlot = 0;
    private const int SecondWatchedSlot = 1;
    private const int OrdinarySlots = 4;
    private const int WatchedEvery = 9;
    private const int OccupiedEvery = 5;
    private const int ReturnsEvery = 3;
    private const int SecondReturn = 2;

    /// <summary>The ports in the order in which the plan knows them.</summary>
    public static IReadOnlyList<string> Ports { get; } = ["calais", "coquelles", "dunkerque"];

    /// <summary>The visitor of one slot of one port.</summary>
    public PlannedVehicle At(string port, int slot) => Returning(port, slot) ?? Fresh(port, slot);

    /// <summary>The visitors of a port in order, without end.</summary>
    public IEnumerable<PlannedVehicle> For(string port)
    {
        for (var slot = 0; ; slot++)
        {
            yield return At(port, slot);
        }
    }

    /// <summary>The texts of all vehicles that the plan calls watched in the first slots of all ports, each once.</summary>
    public IReadOnlyList<string> Watched(int slots) =>
    [
        .. Ports.SelectMany(port => Enumerable.Range(0, slots).Select(slot => At(port, slot)))
            .Where(vehicle => vehicle.Watched)
            .Select(vehicle => vehicle.Registration.Text)
            .Distinct(StringComparer.Ordinal),
    ];

    private PlannedVehicle? Returning(string port, int slot)
    {
        if (port != "calais" || (slot != SecondReturn && slot % ReturnsEvery != 1))
        {
            return null;
        }

        var earlier = Fresh(slot / ReturnsEvery % 2 == 0 ? "coquelles" : "dunkerque", slot - 1);
        return earlier.Cover != PlateCover.None ? null : earlier with { Slot = slot, Starts = earlier.Starts + SlotLength };
    }

    private PlannedVehicle Fresh(string port, int slot)
    {
        var random = RandomFor(port, slot);
        var mixed = slot < 2 ? VehicleKind.Lorry : TrafficMix.Kind(random);
        var kind = only ?? mixed;
        var covered = slot >= OrdinarySlots && slot % coveredEvery == coveredEvery - 3;
        var watched = !covered && slot % WatchedEvery == (port == "dunkerque" ? FirstWatchedSlot : SecondWatchedSlot);
        var registration = maker.Make(TrafficMix.Country(random), kind, slot >= OrdinarySlots, random);
        var occupied = kind == VehicleKind.Lorry && slot % OccupiedEvery == OccupiedEvery - 1;
        return new PlannedVehicle(
            slot,
            $"{port}-{slot:0000}",
            kind,
            registration,
            !covered ? PlateCover.None : random.Next(2) == 0 ? PlateCover.Cloth : PlateCover.Missing,
            occupied ? 2 + random.Next(4) : 0,
            watched,
            (slot * SlotLength) + TimeSpan.FromSeconds(random.NextDouble() * 0.6),
            TimeSpan.FromSeconds(occupied ? 5 : 2.6 + (random.NextDouble() * 1.8)),
            random.Next());
    }

    // Not HashCode: that differs from process to process.
    private Random RandomFor(string port, int slot)
    {
        var mixed = unchecked((uint)seed * 2654435761u);
        foreach (var letter in port)
        {
            mixed = unchecked((mixed ^ letter) * 16777619u);
        }

        return new Random(unchecked((int)((mixed ^ (uint)slot) * 2246822519u)));
    }
}
