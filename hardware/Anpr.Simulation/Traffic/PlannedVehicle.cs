namespace Anpr.Simulation.Traffic;

/// <summary>What drives up.</summary>
internal enum VehicleKind
{
    /// <summary>A tractor with its semi-trailer.</summary>
    Lorry,

    /// <summary>A touring coach.</summary>
    Coach,

    /// <summary>A car.</summary>
    Car,
}

/// <summary>Why a plate cannot be read.</summary>
internal enum PlateCover
{
    /// <summary>It can be read.</summary>
    None,

    /// <summary>A cloth hangs over it.</summary>
    Cloth,

    /// <summary>It was taken off.</summary>
    Missing,
}

/// <summary>One vehicle's visit to one port.</summary>
/// <param name="Slot">Its place in the port's traffic, from 0.</param>
/// <param name="Vehicle">The same for the same vehicle at every port, for example <c>calais-0007</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Registration">Its front plate.</param>
/// <param name="Cover">Whether and how the plate is covered.</param>
/// <param name="People">People hidden in its cargo.</param>
/// <param name="Watched">True when the plan puts it on the watchlist.</param>
/// <param name="Starts">When it comes into view, after the start of the simulation.</param>
/// <param name="Stands">How long it stands at the barrier.</param>
/// <param name="LookSeed">Seed of its colours, lettering and dirt.</param>
internal sealed record PlannedVehicle(
    int Slot,
    string Vehicle,
    VehicleKind Kind,
    Registration Registration,
    PlateCover Cover,
    int People,
    bool Watched,
    TimeSpan Starts,
    TimeSpan Stands,
    int LookSeed);
