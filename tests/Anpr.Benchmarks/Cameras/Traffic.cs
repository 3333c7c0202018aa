namespace Anpr.Benchmarks.Cameras;

/// <summary>Who is in the lane when: vehicles by chance, more by day, and what the test puts there. Times in seconds of the day.</summary>
internal sealed class Traffic
{
    private readonly List<(double From, double Stands, double HoldAt, PaintedVehicle Vehicle)> _visits = [];
    private int _at;

    /// <param name="lane">The vehicles.</param>
    /// <param name="seed">Decides who comes when.</param>
    /// <param name="queueFrom">From then on a queue stands: twenty minutes at the stop line, then twenty with a trailer beside the camera.</param>
    public Traffic(PaintedLane lane, int seed, double? queueFrom = null)
    {
        var random = new Random(seed);
        for (var time = 0.0; time < 86_400;)
        {
            var vehicle = lane.Vehicles[random.Next(lane.Vehicles.Count)];
            var queue = queueFrom is { } q && time >= q && time < q + 2400;
            var second = queue && time >= queueFrom + 1200;
            var stands = queue ? 1200 : random.NextDouble() < 0.1 ? 60 + (240 * random.NextDouble()) : 2 + (20 * random.NextDouble());
            _visits.Add((time, stands, second ? vehicle.BesideAt : vehicle.StandsAt, vehicle));
            var hourly = time / 3600 is > 5 and < 22 ? 60 : 15;
            time += vehicle.GoneAfter + stands + (queueFrom is { } next && time < next && time + 300 > next ? 1 : 3600.0 / hourly * -Math.Log(1 - random.NextDouble()));
        }
    }

    /// <summary>The vehicle in view and the moment of its drive; times never go back.</summary>
    public (PaintedVehicle Vehicle, float Seconds)? At(double time)
    {
        while (_at + 1 < _visits.Count && _visits[_at + 1].From <= time)
        {
            _at++;
        }

        var (from, stands, hold, vehicle) = _visits[_at];
        var since = time - from;
        var seconds = since < hold ? since : since < hold + stands ? hold : since - stands;
        return since < 0 || seconds >= vehicle.GoneAfter ? null : (vehicle, (float)seconds);
    }
}
