namespace Anpr.Hub.Link;

/// <summary>How often each class of times was seen. Classes grow by 1.35, from 10 s to two years.</summary>
internal sealed class Times
{
    /// <summary>How many classes there are.</summary>
    public const int Classes = 53;

    private const double First = 10;
    private const double Growth = 1.35;

    private readonly double[] _counts = new double[Classes];

    /// <summary>Seconds that each class is wide.</summary>
    public static IReadOnlyList<double> Widths { get; } = [.. Enumerable.Range(0, Classes).Select(k => k == 0 ? First : First * (Math.Pow(Growth, k) - Math.Pow(Growth, k - 1)))];

    /// <summary>All counts together.</summary>
    public double Sum { get; private set; }

    /// <summary>Each class's count.</summary>
    public IReadOnlyList<double> Counts => _counts;

    /// <summary>The class of a time.</summary>
    public static int Class(TimeSpan took) => took.TotalSeconds <= First ? 0 : Math.Min(Classes - 1, (int)Math.Ceiling(Math.Log(took.TotalSeconds / First) / Math.Log(Growth)));

    /// <summary>The longest time of a class, seconds.</summary>
    public static double Longest(int k) => First * Math.Pow(Growth, k);

    /// <summary>Counts a time.</summary>
    public void Add(int k, double count = 1)
    {
        _counts[k] += count;
        Sum += count;
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

    /// <summary>The time that all but a share of them took at least: the beginning of the class in which the share is reached.</summary>
    public TimeSpan Least(double share)
    {
        var left = share * Sum;
        var k = 0;
        while (k < Classes - 1 && (left -= _counts[k]) >= 0)
        {
            k++;
        }

        return k == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Longest(k - 1));
    }

    /// <summary>A class's own count and its neighbours', which are as near as chance has it.</summary>
    public double Near(int k) => (0.5 * _counts[k]) + (0.25 * (_counts[Math.Max(0, k - 1)] + _counts[Math.Min(Classes - 1, k + 1)]));
}
