namespace Anpr.Hub.Link;

/// <summary>
/// How soon, and where, a vehicle that was seen at one lane is seen next, for each hour of the day, and how many vehicles come to a lane that were
/// never seen: learned from what was linked. Thread-safe.
/// </summary>
internal sealed class TravelBook
{
    private const int Hours = 24;

    // Of fewer the ends of a distribution say nothing.
    private const int FewestToTell = 20;

    // Of those who went a way one in so many is sooner than what is called its least time, and some times as many must have gone it.
    private const int OneIn = 1000;
    private const int FewestForLeast = 2 * OneIn;

    // So many sightings' worth is believed before anything was seen: of lanes what their ports say, of ports the shape below, of an hour what the
    // whole day says.
    private const double WhereBelief = 20;
    private const double WhenBelief = 5;
    private const double HourBelief = 30;

    // Queues of the hours beside it are much like an hour's own.
    private const double Beside = 0.5;

    // One in ten takes a time that was never seen before: as probably minutes as days.
    private const double Unusual = 0.1;

    // A vehicle comes again within a week with a probability of .3, at any lane: what was seen to leave this morning cannot have shown it yet.
    private static readonly double Return = 0.3 / TimeSpan.FromDays(7).TotalSeconds;

    // Vehicles never seen before, each second, until a lane's own rate is known: one in five minutes.
    private const double FirstRate = 1 / 300.0;
    private static readonly TimeSpan RateOver = TimeSpan.FromHours(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string From, string To), Way> _lanes = [];
    private readonly Dictionary<(string From, string To), Times> _ports = [];
    private readonly Dictionary<string, double> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NewComers> _new = new(StringComparer.Ordinal);
    private double _all;

    /// <summary>Goes on from what is kept.</summary>
    /// <param name="pairs">None for one who knows nothing.</param>
    /// <param name="weight">So many times is each lesson counted, 0..1: older ones less.</param>
    public TravelBook(IEnumerable<LanePair> pairs, double weight = 1)
    {
        foreach (var pair in pairs)
        {
            Came(pair.To, weight * pair.Sightings);
            if (pair.FromLane.Length == 0)
            {
                _new[pair.To.Key] = new(pair.To, weight * pair.Sightings, pair.Lately, pair.LatelyAt);
                continue;
            }

            foreach (var time in pair.Times)
            {
                Went(pair.From, pair.To, time.Hour, time.Class, weight * time.Count);
            }
        }
    }

    /// <summary>Takes in what became of a sighting.</summary>
    public void Learn(Lesson lesson)
    {
        lock (_gate)
        {
            Came(lesson.Here, 1);
            if (lesson.From is { } from)
            {
                Went(from.Place, lesson.Here, from.At.UtcDateTime.Hour, Times.Class(lesson.At - from.At), 1);
            }
            else
            {
                var before = _new.GetValueOrDefault(lesson.Here.Key, new(lesson.Here, 0, FirstRate * RateOver.TotalSeconds, lesson.At));
                var now = lesson.At > before.At ? lesson.At : before.At;
                _new[lesson.Here.Key] = before with
                {
                    All = before.All + 1,
                    Lately = (before.Lately * Math.Exp(-((now - before.At) / RateOver))) + Math.Exp(-((now - lesson.At) / RateOver)),
                    At = now,
                };
            }
        }
    }

    /// <summary>Share of the sightings at a lane that are of vehicles never seen before, 0..1: most at a port's entrance, few behind it.</summary>
    public double NewShare(Place place)
    {
        lock (_gate)
        {
            return Math.Min(1, ((_new.GetValueOrDefault(place.Key)?.All ?? 0) + 2) / (_seen.GetValueOrDefault(place.Key) + 4));
        }
    }

    /// <summary>Vehicles never seen before that come to a lane, each second, more than 0.</summary>
    public double NewRate(Place place, DateTimeOffset at)
    {
        lock (_gate)
        {
            var (count, last) = _new.GetValueOrDefault(place.Key) is { } known ? (known.Lately, known.At) : (FirstRate * RateOver.TotalSeconds, at);
            return ((count * Math.Exp(-Math.Max(0, (at - last) / RateOver))) + 0.1) / RateOver.TotalSeconds;
        }
    }

    /// <summary>
    /// The chance each second that a vehicle last seen at one lane is seen next at another after that time; 0 where it cannot have come.
    /// </summary>
    /// <param name="from">Where it was seen.</param>
    /// <param name="left">When.</param>
    /// <param name="to">Where it is seen next.</param>
    /// <param name="took">After what time.</param>
    public double Rate(Place from, DateTimeOffset left, Place to, TimeSpan took)
    {
        // Records are in the order of their milliseconds.
        if (took <= -TimeSpan.FromMilliseconds(1) || took < Travel.Shortest(from.Port, from.Lane, to.Port, to.Lane))
        {
            return 0;
        }

        lock (_gate)
        {
            return Rate(from, left.UtcDateTime.Hour, to, Times.Class(took));
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

    /// <summary>The least time from one port to another: only one in a thousand of those who were linked was sooner; null where too few have gone that way.</summary>
    public LeastTime? Least(string fromPort, string toPort)
    {
        lock (_gate)
        {
            return LeastOf(_ports.GetValueOrDefault((fromPort, toPort)));
        }
    }

    /// <summary>
    /// The least time after which vehicles come again to the UK-bound side, of those that took as long as anybody must who has crossed: only one in a
    /// thousand of them was sooner; null where too few are known.
    /// </summary>
    /// <param name="from">Lanes, port/lane, that vehicles leave for the other side.</param>
    /// <param name="to">Lanes at which they come again.</param>
    /// <param name="port">Where they left.</param>
    /// <param name="shortest">Sooner nobody can have crossed and come back.</param>
    public LeastTime? LeastReturn(Func<string, bool> from, Func<string, bool> to, string port, TimeSpan shortest)
    {
        var returns = new Times();
        lock (_gate)
        {
            foreach (var way in _lanes.Values.Where(w => w.From.Port == port && from(w.From.Key) && to(w.To.Key)))
            {
                for (var k = Times.Class(shortest) + 1; k < Times.Classes; k++)
                {
                    returns.Add(k, way.All.Counts[k]);
                }
            }
        }

        return LeastOf(returns);
    }

    private static LeastTime? LeastOf(Times? seen) => seen is { Sum: >= FewestForLeast } ? new LeastTime(seen.Least(1.0 / OneIn), (int)seen.Sum) : null;

    /// <summary>What is known of each pair of lanes, as it is kept.</summary>
    public IReadOnlyList<LanePair> Pairs()
    {
        lock (_gate)
        {
            return
            [
                .. _new.Values.Select(n => new LanePair("", "", n.To.Port, n.To.Lane, Rounded(n.All), []) { Lately = Rounded(n.Lately), LatelyAt = n.At }),
                .. _lanes.Values.Select(w => new LanePair(w.From.Port, w.From.Lane, w.To.Port, w.To.Lane, Rounded(w.All.Sum),
                [
                    .. from hour in Enumerable.Range(0, Hours) let times = w.At[hour] where times is not null
                       from k in Enumerable.Range(0, Times.Classes) where times.Counts[k] > 0 select new TimeCount(hour, k, Rounded(times.Counts[k])),
                ])),
            ];
        }
    }

    private double Rate(Place from, int hour, Place to, int k)
    {
        var share = (_seen.GetValueOrDefault(to.Key) + 1) / (_seen.GetValueOrDefault(to.Port) + 10);
        var (way, ports) = (_lanes.GetValueOrDefault((from.Key, to.Key)), _ports.GetValueOrDefault((from.Port, to.Port)));
        var sum = way?.All.Sum ?? 0;
        var port = ((ports?.Sum ?? 0) + (WhereBelief * (from.Port == to.Port ? 0.5 : 0.1))) / (_seen.GetValueOrDefault(from.Port) + WhereBelief);
        var where = (sum + (WhereBelief * port * Math.Min(1, share))) / (_seen.GetValueOrDefault(from.Key) + WhereBelief);
        var ofPorts = ((ports?.Near(k) ?? 0) + (WhenBelief / Times.Classes)) / ((ports?.Sum ?? 0) + WhenBelief);
        var ofDay = ((way?.All.Near(k) ?? 0) + (WhenBelief * ofPorts)) / (sum + WhenBelief);
        var (near, all) = way?.Around(hour, k) ?? (0, 0);
        var when = ((1 - Unusual) * (near + (HourBelief * ofDay)) / (all + HourBelief)) + (Unusual / Times.Classes);
        return (where * when / Times.Widths[k]) + (Return * (_seen.GetValueOrDefault(to.Key) + 1) / (_all + 10));
    }

    private void Came(Place to, double count)
    {
        _all += count;
        _seen[to.Key] = _seen.GetValueOrDefault(to.Key) + count;
        _seen[to.Port] = _seen.GetValueOrDefault(to.Port) + count;
    }

    private void Went(Place from, Place to, int hour, int k, double count)
    {
        if (!_lanes.TryGetValue((from.Key, to.Key), out var way))
        {
            _lanes[(from.Key, to.Key)] = way = new(from, to);
        }

        if (!_ports.TryGetValue((from.Port, to.Port), out var ports))
        {
            _ports[(from.Port, to.Port)] = ports = new();
        }

        way.All.Add(k, count);
        (way.At[hour] ??= new()).Add(k, count);
        ports.Add(k, count);
    }

    private static double Rounded(double count) => Math.Round(count, 4);

    /// <summary>Vehicles that were never seen before at a lane: all, and those of the last hours as of a time.</summary>
    private sealed record NewComers(Place To, double All, double Lately, DateTimeOffset At);

    /// <summary>From one lane to another.</summary>
    private sealed record Way(Place From, Place To)
    {
        /// <summary>At any hour.</summary>
        public Times All { get; } = new();

        /// <summary>By the hour, UTC, at which the way began.</summary>
        public Times?[] At { get; } = new Times?[Hours];

        /// <summary>A class's share of an hour and those beside it, and all of them.</summary>
        public (double Near, double All) Around(int hour, int k)
        {
            var (own, before, after) = (At[hour], At[(hour + Hours - 1) % Hours], At[(hour + 1) % Hours]);
            return (
                (own?.Near(k) ?? 0) + (Beside * ((before?.Near(k) ?? 0) + (after?.Near(k) ?? 0))),
                (own?.Sum ?? 0) + (Beside * ((before?.Sum ?? 0) + (after?.Sum ?? 0))));
        }
    }
}
