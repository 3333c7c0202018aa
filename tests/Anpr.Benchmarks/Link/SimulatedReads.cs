using System.Text;

namespace Anpr.Benchmarks.Link;

/// <summary>What a lane would send of a plate.</summary>
/// <param name="Text">0-9 A-Z.</param>
/// <param name="Confidence">Of the whole text, 0..1.</param>
/// <param name="Characters">Each position's characters with their probabilities, the read one first.</param>
internal sealed record SimulatedRead(string Text, double Confidence, IReadOnlyList<IReadOnlyList<(char C, double P)>> Characters);

/// <summary>
/// Reads plates as our reader does (<see cref="ReadBank"/>), at any share of whole plates right. The bank's sightings are ordered by how sure
/// they are and cut into classes; a read takes a class, and for each character of the plate what a sighting of that class made of the same
/// character. Harder classes are taken more often until the asked share of reads is right.
/// </summary>
internal sealed class SimulatedReads
{
    private const int Classes = 12;

    private readonly Dictionary<char, List<BankedRead.Event>>[] _events = new Dictionary<char, List<BankedRead.Event>>[Classes];
    private readonly double[] _inserted = new double[Classes];
    private readonly double[] _weights = new double[Classes];
    private readonly List<BankedRead.Event> _insertions = [];

    /// <param name="bank">Our reader's sightings.</param>
    /// <param name="plates">Plates of the kind that will be read, to find the mixture on.</param>
    /// <param name="accuracy">Share of whole plates to be right, such as .95.</param>
    /// <param name="seed">Any number.</param>
    public SimulatedReads(IReadOnlyList<BankedRead> bank, IReadOnlyList<string> plates, double accuracy, int seed)
    {
        var ordered = bank.OrderByDescending(r => r.Confidence).ToList();
        for (var k = 0; k < Classes; k++)
        {
            var part = ordered[(ordered.Count * k / Classes)..(ordered.Count * (k + 1) / Classes)];
            _events[k] = [];
            foreach (var happened in part.SelectMany(r => r.Events()))
            {
                if (happened.Truth is { } truth)
                {
                    if (!_events[k].TryGetValue(truth, out var list))
                    {
                        _events[k][truth] = list = [];
                    }

                    list.Add(happened);
                }
                else
                {
                    _inserted[k] += 1.0 / part.Count;
                    _insertions.Add(happened);
                }
            }
        }

        // Weights exp(bend * class): the bend at which the asked share is right.
        var (low, high) = (-8.0, 8.0);
        for (var i = 0; i < 16; i++)
        {
            var bend = (low + high) / 2;
            Weigh(bend);
            var random = new Random(seed);
            var right = plates.Count(plate => Read(plate, random).Text == plate);
            (low, high) = right > accuracy * plates.Count ? (bend, high) : (low, bend);
        }
    }

    /// <summary>One read of a plate.</summary>
    public SimulatedRead Read(string plate, Random random)
    {
        var k = Class(random);
        var text = new StringBuilder();
        var characters = new List<IReadOnlyList<(char C, double P)>>();
        var sure = 1.0;
        void Take(BankedRead.Event happened)
        {
            if (happened.Seen is { } seen)
            {
                text.Append(seen[0].C);
                characters.Add(seen);
                sure *= seen[0].P;
            }
        }

        foreach (var c in plate)
        {
            Take(Event(c, k, random));
        }

        if (_insertions.Count > 0 && random.NextDouble() < _inserted[k])
        {
            var extra = _insertions[random.Next(_insertions.Count)];
            var at = random.Next(characters.Count + 1);
            text.Insert(at, extra.Seen![0].C);
            characters.Insert(at, extra.Seen);
            sure *= extra.Seen[0].P;
        }

        return text.Length == 0 ? Read(plate, random) : new(text.ToString(), sure, characters);
    }

    private void Weigh(double bend)
    {
        for (var k = 0; k < Classes; k++)
        {
            _weights[k] = Math.Exp(bend * k);
        }
    }

    private int Class(Random random)
    {
        var at = random.NextDouble() * _weights.Sum();
        var k = 0;
        while (k < Classes - 1 && (at -= _weights[k]) >= 0)
        {
            k++;
        }

        return k;
    }

    // A class that never saw the character asks its neighbour.
    private BankedRead.Event Event(char c, int k, Random random)
    {
        for (var distance = 0; distance < Classes; distance++)
        {
            foreach (var near in (int[])[k - distance, k + distance])
            {
                if (near is >= 0 and < Classes && _events[near].TryGetValue(c, out var list))
                {
                    return list[random.Next(list.Count)];
                }
            }
        }

        throw new InvalidOperationException($"the bank has no '{c}'");
    }
}
