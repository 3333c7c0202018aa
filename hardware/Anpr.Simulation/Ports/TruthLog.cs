using System.Text.Json;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Ports;

/// <summary>
/// Says on stdout, one JSON object a line, what really happens at a port: <c>appears</c> and <c>left</c> for every vehicle.
/// For tests and benchmarks; the lanes never see it.
/// </summary>
internal sealed class TruthLog(TextWriter output, string port, TimeProvider clock)
{
    private PlannedVehicle? _present;

    /// <summary>Tells who is there now; writes a line when that changes.</summary>
    public void Tell(PlannedVehicle? vehicle, TimeSpan elapsed)
    {
        if (ReferenceEquals(vehicle, _present))
        {
            return;
        }

        if (_present is not null)
        {
            Write("left", _present, elapsed);
        }

        if (vehicle is not null)
        {
            Write("appears", vehicle, elapsed);
        }

        _present = vehicle;
    }

    private void Write(string what, PlannedVehicle vehicle, TimeSpan elapsed) => output.WriteLine(JsonSerializer.Serialize(new
    {
        @event = what,
        port,
        time = clock.GetUtcNow().UtcDateTime,
        offset_s = Math.Round(elapsed.TotalSeconds, 2),
        slot = vehicle.Slot,
        vehicle = vehicle.Vehicle,
        kind = vehicle.Kind.ToString().ToLowerInvariant(),
        text = vehicle.Registration.Text,
        country = vehicle.Registration.Country,
        cover = vehicle.Cover.ToString().ToLowerInvariant(),
        people = vehicle.People,
        watched = vehicle.Watched,
    }));
}
