namespace Anpr.Hub.Link;

/// <summary>
/// How soon, and where, a vehicle that was seen at one lane is seen next, and how many vehicles come to a lane that were never seen: learned
/// from what was linked. Thread-safe.
/// </summary>
internal sealed class TravelBook
{
    // Times are counted in classes that grow by 1.35, from 10 s to two years.
    private const double First = 10;
    private const double Growth = 1.35;
    private const int Classes = 53;

    // So many sightings' worth is believed before anything was seen: of lanes what their ports say, of ports the shape below.
    private const double WhereBelief = 20;
    private const double WhenBelief = 5;

    // One in ten takes a time that was never seen before: as probably minutes as days.
    private const double Unusual = 0.1;

    // A vehicle comes again within a week with a probability of .3, at any lane: what was seen to leave this morning cannot have shown it yet.
    private static readonly double Return = 0.3 / TimeSpan.FromDays(7).TotalSeconds;

    // Of fewer vehicles nobody can say what is usual.
    private const int FewestToTell = 20;

    // Vehicles never seen before, each second, until a lane's own rate is known: one in five minutes.
    private const double FirstRate = 1 / 300.0;
    private static readonly TimeSpan RateOver = TimeSpan.FromHours(2);

    private static readonly double[] Widths = [.. Enumerable.Range(0, Classes).Select(k => k == 0 ? First : First * (Math.Pow(Growth, k) - Math.Pow(Growth, k - 1)))];

    private readonly Lock _gate = new();
    private readonly Dictionary<(string From, string To), Times> _lanes = [];
    private readonly Dictionary<(string From, string To), Times> _ports = [];
    private readonly Dictionary<string, double> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (double Count, DateTimeOffset At)> _new = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _founded = new(StringComparer.Ordinal);
    private double _all;

    /// <summary>Takes in what became of a sighting.</summary>
    public void Learn(Lesson lesson)
    {
        lock (_gate)
        {
            _all++;
            Count(_seen, lesson.Here.Key);
            Count(_seen, lesson.Here.Port);
            if (lesson.From is { } from)
            {
                var k = Class(lesson.At - from.At);
                Cells(_lanes, (from.Place.Key, lesson.Here.Key)).Add(k);
                Cells(_ports, (from.Place.Port, lesson.Here.Port)).Add(k);
            }
            else
            {
                Count(_founded, lesson.Here.Key);
                var (count, last) = _new.GetValueOrDefault(lesson.Here.Key, (FirstRate * RateOver.TotalSeconds, lesson.At));
                var now = lesson.At > last ? lesson.At : last;
                _new[lesson.Here.Key] = ((count * Math.Exp(-((now - last) / RateOver))) + Math.Exp(-((now - lesson.At) / RateOver)), now);
            }
        }
    }

    /// <summary>Share of the sightings at a lane that are of vehicles never seen before, 0..1: most at a port's entrance, few behind it.</summary>
    public double NewShare(Place place)
    {
        lock (_gate)
        {
            return Math.Min(1, (_founded.GetValueOrDefault(place.Key) + 2) / (_seen.GetValueOrDefault(place.Key) + 4));
        }
    }

    /// <summary>Vehicles never seen before that come to a lane, each second, more than 0.</summary>
    public double NewRate(Place place, DateTimeOffset at)
    {
        lock (_gate)
        {
            var (count, last) = _new.GetValueOrDefault(place.Key, (FirstRate * RateOver.TotalSeconds, at));
            return ((count * Math.Exp(-Math.Max(0, (at - last) / RateOver))) + 0.1) / RateOver.TotalSeconds;
        }
    }

    /// <summary>
    /// The chance each second that a vehicle last seen at one lane is seen next at another after that time; 0 where it cannot have come.
    /// </summary>
    public double Rate(Place from, Place to, TimeSpan took)
    {
        // Records are in the order of their milliseconds.
        if (took <= -TimeSpan.FromMilliseconds(1) || took < Travel.Shortest(from.Port, from.Lane, to.Port, to.Lane))
        {
            return 0;
        }

        lock (_gate)
        {
            return Rate(from, to, Class(took));
        }
    }

    /// <summary>How long vehicles take from one port to another; null where too few have gone that way to say so.</summary>
    public UsualTime? Usual(string fromPort, string toPort)
    {
        lock (_gate)
        {
            return _ports.GetValueOrDefault((fromPort, toPort)) is { Sum: >= FewestToTell } seen
                ? new UsualTime(seen.Quantile(0.05), seen.Quantile(0.5), seen.Quantile(0.95), (int)seen.Sum)
                : null;
        }
    }

    private double Rate(Place from, Place to, int k)
    {
        var share = (_seen.GetValueOrDefault(to.Key) + 1) / (_seen.GetValueOrDefault(to.Port) + 10);
        var (lanes, ports) = (_lanes.GetValueOrDefault((from.Key, to.Key)), _ports.GetValueOrDefault((from.Port, to.Port)));
        var port = ((ports?.Sum ?? 0) + (WhereBelief * (from.Port == to.Port ? 0.5 : 0.1))) / (_seen.GetValueOrDefault(from.Port) + WhereBelief);
        var where = ((lanes?.Sum ?? 0) + (WhereBelief * port * Math.Min(1, share))) / (_seen.GetValueOrDefault(from.Key) + WhereBelief);
        var ofPorts = ((ports?.Near(k) ?? 0) + (WhenBelief / Classes)) / ((ports?.Sum ?? 0) + WhenBelief);
        var when = ((1 - Unusual) * ((lanes?.Near(k) ?? 0) + (WhenBelief * ofPorts)) / ((lanes?.Sum ?? 0) + WhenBelief)) + (Unusual / Classes);
        return (where * when / Widths[k]) + (Return * (_seen.GetValueOrDefault(to.Key) + 1) / (_all + 10));
    }

    private static int Class(TimeSpan took) => took.TotalSeconds <= First ? 0 : Math.Min(Classes - 1, (int)Math.Ceiling(Math.Log(took.TotalSeconds / First) / Math.Log(Growth)));

    private static void Count(Dictionary<string, double> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    private static Times Cells(Dictionary<(string From, string To), Times> cells, (string From, string To) key)
    {
        if (!cells.TryGetValue(key, out var found))
        {
            cells[key] = found = new Times();
        }

        return found;
    }

    /// <summary>How often each class of times was seen.</summary>
    private sealed class Times
    {
        private readonly double[] _counts = new double[Classes];

        public double Sum { get; private set; }

        public void Add(int k)
        {
            _counts[k]++;
            Sum++;
        }

        /// <summary>The time that a share of them took at most; within its class as if all logarithms were as frequent.</summary>
        public TimeSpan Quantile(double share)
        {
            var left = share * Sum;
            var k = 0;
            while (k < Classes - 1 && left > _counts[k])
            {
                left -= _counts[k++];
            }

            return TimeSpan.FromSeconds(First * Math.Pow(Growth, k - 1 + (_counts[k] > 0 ? Math.Min(1, left / _counts[k]) : 1)));
        }

        /// <summary>A class's own count and its neighbours', which are as near as chance has it.</summary>
        public double Near(int k) => (0.5 * _counts[k]) + (0.25 * (_counts[Math.Max(0, k - 1)] + _counts[Math.Min(Classes - 1, k + 1)]));
    }
}
