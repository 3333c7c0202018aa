using Anpr.Models.Plates;
using Anpr.Simulation.Traffic;

namespace Anpr.Benchmarks.Link;

/// <summary>A registered vehicle of the simulated traffic: a tractor, a trailer, a coach or a car.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Plate">What is on its plate; a clone has another vehicle's.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
internal sealed record TrueVehicle(int Number, string Plate, string Country);

/// <summary>One plate that passed one lane; tractor and trailer share the number of their passage.</summary>
internal sealed record Passing(DateTimeOffset Time, string Port, string Lane, bool Rear, TrueVehicle Vehicle, int Passage);

/// <summary>
/// Vehicles on their way through the three ports to the UK, with known truth. Each visit is seen at an entry lane, at a control lane and
/// sometimes at a scan; between the first two lies the queue of that hour. Some are turned away and come again, at this port or another;
/// some cross again on a later day; fleets with consecutive registrations travel in convoys; a few plates are cloned. Trailers have plates
/// of their own, except in countries that repeat the tractor's.
/// </summary>
internal sealed class PortTraffic
{
    private const double FleetShare = 0.2;
    private const double ConvoyShare = 0.6;
    private const double TrailerShare = 0.45;
    private const double SwapShare = 0.1;
    private const double ScanShare = 0.3;
    private const double TurnedAwayShare = 0.015;
    private const double SamePortAgain = 0.3;
    private const double AgainShare = 0.3;
    private const double OtherPortShare = 0.15;
    private const double CloneShare = 0.003;
    private const double UnseenShare = 0.02;

    private static readonly (string Name, double Share, int Entries, int Controls, int Scans, double QueueMinutes)[] Ports =
        [("calais", 0.5, 3, 7, 2, 14), ("coquelles", 0.33, 2, 6, 2, 9), ("dunkerque", 0.17, 1, 3, 1, 7)];

    // Share of a day's traffic in each hour, UK-bound: quiet before dawn, most in the late afternoon.
    private static readonly double[] Hours = [2.6, 2.2, 2.0, 2.1, 2.6, 3.2, 3.8, 4.2, 4.4, 4.5, 4.6, 4.7, 4.8, 5.0, 5.3, 5.6, 5.8, 5.8, 5.6, 5.2, 4.8, 4.2, 3.7, 3.3];

    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly RegistrationMaker _maker;
    private readonly CountryTable _table;
    private readonly int _days;
    private readonly HashSet<string> _plates = new(StringComparer.Ordinal);
    private readonly List<TrueVehicle> _vehicles = [];
    private readonly List<Passing> _passings = [];
    private readonly Dictionary<int, TrueVehicle> _partners = [];
    private int _trailers;
    private int _passages;

    private PortTraffic(CountryTable table, int days, int seed) => (_random, _maker, _table, _days) = (new Random(seed), new RegistrationMaker(table), table, days);

    /// <summary>All passings in the order of time.</summary>
    /// <param name="table">Formats of registrations.</param>
    /// <param name="vehicles">Towing vehicles, coaches and cars.</param>
    /// <param name="days">How many days they spread over.</param>
    /// <param name="seed">Any number.</param>
    public static IReadOnlyList<Passing> Make(CountryTable table, int vehicles, int days, int seed)
    {
        var traffic = new PortTraffic(table, days, seed);
        while (traffic._vehicles.Count < vehicles)
        {
            traffic.Operator();
        }

        return [.. traffic._passings.OrderBy(p => p.Time)];
    }

    private void Operator()
    {
        // A fleet has five vehicles in the mean, so that one operator in twenty-two makes about a fifth of the vehicles.
        var size = _random.NextDouble() < FleetShare / 4.4 ? 2 + _random.Next(7) : 1;
        var (country, kind) = (TrafficMix.Country(_random), size > 1 ? VehicleKind.Lorry : TrafficMix.Kind(_random));
        var plate = _maker.Make(country, kind, mayHaveTwoLines: false, _random).Text;
        var fleet = new List<TrueVehicle>();
        for (var i = 0; i < size; i++, plate = Successor(plate))
        {
            if (_plates.Add(plate))
            {
                fleet.Add(Register(plate, country));
            }
        }

        if (fleet.Count == 0)
        {
            return;
        }

        var (visits, home) = (Visits(), PickPort());
        foreach (var visit in visits)
        {
            var convoy = fleet.Count > 1 && _random.NextDouble() < ConvoyShare;
            var port = _random.NextDouble() < OtherPortShare ? PickPort() : home;
            for (var i = 0; i < fleet.Count; i++)
            {
                Visit(fleet[i], kind, port, convoy ? visit.AddSeconds(i * (20 + (70 * _random.NextDouble()))) : Shifted(visit, fleet.Count));
            }
        }

        if (_random.NextDouble() < CloneShare * fleet.Count)
        {
            var clone = Register(fleet[0].Plate, country);
            Visit(clone, kind, PickPort(), Arrival());
        }
    }

    private TrueVehicle Register(string plate, string country)
    {
        var vehicle = new TrueVehicle(_vehicles.Count + _trailers, plate, country);
        _vehicles.Add(vehicle);
        return vehicle;
    }

    private DateTimeOffset Shifted(DateTimeOffset visit, int fleet) => fleet == 1 ? visit : visit.AddHours(24 * _random.NextDouble());

    // The first crossing at any time of the week, and others after the way there and back.
    private List<DateTimeOffset> Visits()
    {
        List<DateTimeOffset> visits = [Arrival()];
        while (_random.NextDouble() < AgainShare)
        {
            var next = visits[^1].AddHours(9 + (40 * -Math.Log(1 - _random.NextDouble())));
            if (next > Begin.AddDays(_days))
            {
                break;
            }

            visits.Add(next);
        }

        return visits;
    }

    private DateTimeOffset Arrival()
    {
        var at = _random.NextDouble() * Hours.Sum();
        var hour = 0;
        while (at > Hours[hour])
        {
            at -= Hours[hour++];
        }

        return Begin.AddDays(_random.Next(_days)).AddHours(hour + _random.NextDouble());
    }

    private string PickPort()
    {
        var at = _random.NextDouble();
        return Ports.First(p => (at -= p.Share) < 0 || p.Name == "dunkerque").Name;
    }

    private void Visit(TrueVehicle vehicle, VehicleKind kind, string portName, DateTimeOffset arrival)
    {
        var port = Ports.First(p => p.Name == portName);
        var trailer = kind == VehicleKind.Lorry && _random.NextDouble() < TrailerShare ? Trailer(vehicle) : null;
        var queue = TimeSpan.FromMinutes(port.QueueMinutes * (0.4 + (Hours[arrival.Hour] / 4)) * Math.Exp(0.4 * Normal()));
        var control = arrival + queue + TimeSpan.FromMinutes(1.5);
        See(vehicle, trailer, port.Name, $"entry-{1 + _random.Next(port.Entries)}", arrival);
        See(vehicle, trailer, port.Name, $"control-{1 + _random.Next(port.Controls)}", control);
        if (kind == VehicleKind.Lorry && _random.NextDouble() < ScanShare)
        {
            See(vehicle, trailer, port.Name, $"scan-{1 + _random.Next(port.Scans)}", control.AddMinutes(3 + (12 * _random.NextDouble())));
        }

        if (_random.NextDouble() < TurnedAwayShare)
        {
            var again = _random.NextDouble() < SamePortAgain ? portName : Ports[_random.Next(Ports.Length)].Name;
            var way = TimeSpan.FromMinutes(45 + (240 * _random.NextDouble()));
            Visit(vehicle, kind, again, control + way);
        }
    }

    private TrueVehicle Trailer(TrueVehicle tractor)
    {
        if (_table.Countries.First(c => c.Code == tractor.Country).TrailerRepeatsTractor)
        {
            return tractor;
        }

        // The same one each time it comes, but for a swap now and then.
        if (_partners.TryGetValue(tractor.Number, out var partner) && _random.NextDouble() >= SwapShare)
        {
            return partner;
        }

        var plate = _maker.Make(tractor.Country, VehicleKind.Lorry, mayHaveTwoLines: false, _random).Text;
        while (!_plates.Add(plate))
        {
            plate = Successor(plate);
        }

        var trailer = new TrueVehicle(_vehicles.Count + _trailers, plate, tractor.Country);
        _trailers++;
        return _partners[tractor.Number] = trailer;
    }

    private void See(TrueVehicle vehicle, TrueVehicle? trailer, string port, string lane, DateTimeOffset time)
    {
        _passages++;
        if (_random.NextDouble() >= UnseenShare)
        {
            _passings.Add(new(time, port, lane, Rear: false, vehicle, _passages));
        }

        if (trailer is not null && _random.NextDouble() >= UnseenShare)
        {
            _passings.Add(new(time.AddSeconds(4 + (6 * _random.NextDouble())), port, lane, Rear: true, trailer, _passages));
        }
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    // The next registration of a series: as an odometer turns, letters and digits each in their kind; where two letters, digits and two
    // letters stand (France, Italy and others), at the digits.
    private static string Successor(string plate)
    {
        var next = plate.ToCharArray();
        var atDigits = plate.Length == 7 && char.IsAsciiLetter(plate[0]) && char.IsAsciiDigit(plate[2]) && char.IsAsciiDigit(plate[4]) && char.IsAsciiLetter(plate[5]);
        for (var i = atDigits ? 4 : next.Length - 1; i >= 0; i--)
        {
            var (first, last) = char.IsAsciiDigit(next[i]) ? ('0', '9') : ('A', 'Z');
            if (next[i] != last)
            {
                next[i]++;
                return new(next);
            }

            next[i] = first;
        }

        return new(next);
    }
}
