namespace Anpr.Edge.Capture;

/// <summary>
/// Tells a picture that is repeated from a scene in which nothing moves. A sensor is never without noise, and what of it an encoder leaves
/// out comes back with the next key picture: in a live picture most blocks change at least that often. A repeated one that is encoded
/// again flickers in a part of its blocks, and a burnt-in clock takes a few. Not thread-safe.
/// </summary>
internal sealed class FreezeWatch
{
    // Pixels are sampled, not averaged: averaging takes the noise away.
    private const int Across = 160;
    private const int Down = 90;
    private const int Block = 10;
    private const int Blocks = Across / Block * (Down / Block);

    // A look is calm when at least this share of the blocks has not changed, mean of a block in grey levels. Of x264 at constant quality a
    // live picture has at its key pictures 0.6 and more there, a repeated one 0.00.
    private const double CalmShare = 0.6;
    private const float CalmBelow = 0.005f;

    // Key pictures of cameras are 1 to 4 s apart. Where they are further, spells of calm that end with one of them alone are this
    // camera's way; the longest is remembered, and forgotten with this time constant.
    private const double CalmSeconds = 5.5;
    private const double OverUsual = 1.5;
    private const double ForgetSeconds = 1800;
    private const double WatchSeconds = 20;

    // A picture with something in it that never changes by one bit is frozen also where no noise was ever seen.
    private const double IdenticalSeconds = 30;
    private const int LeastContrast = 40;

    private readonly float[] _blocks = new float[Blocks];
    private byte[] _now = new byte[Across * Down];
    private byte[] _before = new byte[Across * Down];
    private double _watched;
    private double _calm;
    private double _identical;
    private double _endedCalm;
    private double _usualCalm;
    private int _active;

    /// <summary>True while the picture is repeated.</summary>
    public bool Frozen { get; private set; }

    /// <summary>For how long it has been, seconds.</summary>
    public double Seconds => Math.Max(_calm, _identical);

    /// <summary>Looks at the next frame, so many seconds after the last; null: nothing is known of the time before it.</summary>
    public void See(Picture picture, double? seconds)
    {
        (_now, _before) = (_before, _now);
        var contrast = Sample(picture);
        if (seconds is not { } passed)
        {
            (_calm, _identical, _active, Frozen) = (0, 0, 0, false);
            return;
        }

        _watched += passed;
        var calm = MostlyCalm(out var alike);
        Count(calm, passed);
        _identical = alike && contrast >= LeastContrast ? _identical + passed : 0;
        Frozen = _identical >= IdenticalSeconds
            || (Frozen ? _active < 2 : _watched >= WatchSeconds && _calm < _watched && _calm >= Math.Max(CalmSeconds, OverUsual * _usualCalm));
    }

    private void Count(bool calm, double passed)
    {
        _usualCalm *= Math.Exp(-passed / ForgetSeconds);
        if (!calm)
        {
            _endedCalm = _active++ == 0 ? _calm : 0;
            _calm = 0;
            return;
        }

        if (_active == 1)
        {
            _usualCalm = Math.Max(_usualCalm, _endedCalm);
        }

        _active = 0;
        _calm += passed;
    }

    private bool MostlyCalm(out bool alike)
    {
        alike = _now.AsSpan().SequenceEqual(_before);
        Array.Clear(_blocks);
        for (var y = 0; y < Down; y++)
        {
            for (var x = 0; x < Across; x++)
            {
                var i = (y * Across) + x;
                _blocks[(y / Block * (Across / Block)) + (x / Block)] += Math.Abs(_now[i] - _before[i]);
            }
        }

        Array.Sort(_blocks);
        return _blocks[(int)(Blocks * CalmShare)] < CalmBelow * Block * Block;
    }

    /// <summary>Samples the picture, and says how far its brightest sample is from its darkest.</summary>
    private unsafe int Sample(Picture picture)
    {
        var (darkest, brightest) = (255, 0);
        var (image, step) = picture.Planes is { } planes ? (planes, 1) : (picture.Bgr, 3);
        for (var y = 0; y < Down; y++)
        {
            var row = (byte*)image.Data + ((((2 * y) + 1) * picture.Height / (2 * Down)) * image.Step());
            for (var x = 0; x < Across; x++)
            {
                int light = row[((((2 * x) + 1) * picture.Width / (2 * Across)) * step) + (step / 2)]; // Y, or green
                _now[(y * Across) + x] = (byte)light;
                (darkest, brightest) = (Math.Min(darkest, light), Math.Max(brightest, light));
            }
        }

        return brightest - darkest;
    }
}
