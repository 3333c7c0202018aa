using Anpr.Simulation.Scene;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Ports;

/// <summary>Who is in a port's lane at a moment after the start, and how far along.</summary>
/// <param name="plan">Who comes when.</param>
/// <param name="port">The port.</param>
/// <param name="first">The plan's slot with which the simulation begins.</param>
/// <param name="pace">How much faster than in life the traffic drives.</param>
/// <param name="lead">Time before the first slot, in which the lane is empty.</param>
internal sealed class LaneTraffic(TrafficPlan plan, string port, int first = 0, double pace = 1, TimeSpan lead = default)
{
    private PlannedVehicle _latest = plan.At(port, first);

    /// <summary>The visitor, and the seconds since it came into view; null while the lane is empty.</summary>
    public (PlannedVehicle Vehicle, float Seconds)? At(TimeSpan elapsed)
    {
        if (elapsed < lead)
        {
            return null;
        }

        var moment = ((elapsed - lead) * pace) + (first * TrafficPlan.SlotLength);
        var slot = (int)(moment / TrafficPlan.SlotLength);
        var vehicle = slot == _latest.Slot ? _latest : _latest = plan.At(port, slot);
        var seconds = (float)(moment - vehicle.Starts).TotalSeconds;
        return seconds >= 0 && seconds < new Drive(vehicle).GoneAfter ? (vehicle, seconds) : null;
    }
}
