using Anpr.Edge.Capture;
using OpenCvSharp;

namespace Anpr.Edge.Passage;

/// <summary>
/// Compares each frame of one camera with the empty lane, which it learns slowly while nothing is there. Works on blocks of a small grey
/// picture: a textured block has changed when its pattern has (normalised correlation, which light does not change), a plain one when
/// its brightness has against the rest of the picture. Not thread-safe.
/// </summary>
/// <param name="excluded">Parts of the view that are no lane of this camera: blocks whose middle lies in one are not compared.</param>
internal sealed class MotionDetector(IReadOnlyList<Area> excluded) : IDisposable
{
    private const int SmallWidth = 160;
    private const int Block = 10;

    // A picture that is taller for its width (a file may hold anything) is looked at as if it were not.
    private const int MaxHeight = 4 * SmallWidth;

    // Grey levels of 255: below the first a block is plain; plain blocks differ when their means do by the second (a vehicle's shadow is
    // about 20 at overcast, its body more).
    private const double PlainBelow = 5;
    private const double PlainDiffers = 24;
    private const double SamePattern = 0.55;

    // The empty lane is followed with this time constant: daylight changes over minutes, a vehicle passes in seconds.
    private const double LearnSeconds = 20;

    // Mean difference between two frames below which nothing moves (noise is about 2 at night), and how long that must last before
    // what stands there may be judged a gap rather than a vehicle.
    private const double StillBelow = 3;
    private const double StillSeconds = 1.5;

    private readonly PictureShrink _shrink = new();
    private readonly Mat _grey = new();
    private readonly Mat _small = new();
    private byte[] _before = [];
    private BlockStatistics[] _blocks = [];
    private double[] _gains = [];
    private int[] _places = [];
    private Mat? _lane;
    private Size _measured;
    private DateTimeOffset _last;
    private double _learnt;
    private double _still;
    private bool _proven;

    /// <summary>The frame that was last taken, small: 8-bit grey, 160 pixels wide.</summary>
    public Mat Small => _grey;

    /// <summary>Takes the next frame, for <see cref="See"/>.</summary>
    public void Take(Picture picture)
    {
        var height = (int)Math.Clamp(Math.Round((double)SmallWidth * picture.Height / picture.Width / Block) * Block, Block, MaxHeight);
        _grey.Create(height, SmallWidth, MatType.CV_8UC1);
        _shrink.GreyInto(picture, _grey);
        Cv2.GaussianBlur(_grey, _small, new Size(3, 3), 0);
    }

    /// <summary>
    /// Share of the compared blocks of the frame taken that differ from the empty lane, 0..1; null before it is known. <paramref name="occupied"/>: a
    /// passage is open here, so nothing is learnt; <paramref name="plateInView"/>: a plate is seen, so this is not the empty lane.
    /// </summary>
    public float? See(DateTimeOffset time, bool occupied, bool plateInView)
    {
        if (_lane is not null && _lane.Size() != _small.Size())
        {
            Forget();
        }

        var seconds = Math.Clamp((time - _last).TotalSeconds, 0, 1);
        _last = time;
        _still = IsStill() ? _still + seconds : 0;
        if (_lane is null)
        {
            if (!plateInView)
            {
                _lane = new Mat();
                _small.ConvertTo(_lane, MatType.CV_32FC1);
                _learnt = 0;
                _proven = false;
            }

            return null;
        }

        var (share, laneEdges, nowEdges) = Compare();
        if (!_proven && _still > StillSeconds && share > 0.05f && laneEdges > 1.4 * nowEdges && !plateInView)
        {
            // The lane as first seen held a vehicle, which has gone: where it stood nothing moves and there is less to see than before.
            Forget();
            return null;
        }

        if (!occupied && !plateInView)
        {
            Learn(seconds);
            _proven |= share < 0.03f && (_learnt += seconds) > 10;
        }

        return share;
    }

    /// <summary>Takes the next frame for the empty lane.</summary>
    public void Forget()
    {
        _lane?.Dispose();
        _lane = null;
    }

    public void Dispose()
    {
        _shrink.Dispose();
        _grey.Dispose();
        _small.Dispose();
        _lane?.Dispose();
    }

    private unsafe bool IsStill()
    {
        var now = new Span<byte>((void*)_small.Data, _small.Width * _small.Height);
        var length = _before.Length;
        if (length != now.Length)
        {
            _before = new byte[now.Length];
        }

        var change = 0L;
        for (var i = 0; i < now.Length; i++)
        {
            change += Math.Abs(now[i] - _before[i]);
        }

        now.CopyTo(_before);
        return length == now.Length && change < StillBelow * length;
    }

    private unsafe void Learn(double seconds)
    {
        // AccumulateWeighted does the same, with some objects for each frame.
        var now = new Span<byte>((void*)_small.Data, _small.Width * _small.Height);
        var lane = new Span<float>((void*)_lane!.Data, now.Length);
        var weight = (float)(1 - Math.Exp(-seconds / LearnSeconds));
        for (var i = 0; i < lane.Length; i++)
        {
            lane[i] += weight * (now[i] - lane[i]);
        }
    }

    private unsafe (float Share, double LaneEdges, double NowEdges) Compare()
    {
        var (columns, rows) = (_small.Width / Block, _small.Height / Block);
        if (_measured != _small.Size())
        {
            _measured = _small.Size();
            _places = [.. Enumerable.Range(0, columns * rows).Where(i => !excluded.Any(area => area.Contains(new((i % columns + 0.5f) / columns, (i / columns + 0.5f) / rows))))];
            (_blocks, _gains) = (new BlockStatistics[_places.Length], new double[_places.Length]);
        }

        if (_places.Length == 0)
        {
            return default;
        }

        for (var i = 0; i < _places.Length; i++)
        {
            var (x, y) = (_places[i] % columns * Block, _places[i] / columns * Block);
            _blocks[i] = BlockStatistics.Of((byte*)_small.Data, (int)_small.Step(), (float*)_lane!.Data, (int)_lane.Step() / sizeof(float), x, y, Block);
            _gains[i] = (_blocks[i].NowMean + 1) / (_blocks[i].LaneMean + 1);
        }

        Array.Sort(_gains);
        var gain = Math.Clamp(_gains[_gains.Length / 2], 0.6, 1.6);
        var (changed, laneEdges, nowEdges) = (0, 0.0, 0.0);
        foreach (var b in _blocks)
        {
            if (b.Differs(gain, PlainBelow, PlainDiffers, SamePattern))
            {
                changed++;
                laneEdges += b.LaneDeviation;
                nowEdges += b.NowDeviation;
            }
        }

        return ((float)changed / _blocks.Length, laneEdges, nowEdges);
    }
}

/// <summary>Brightness and pattern of one block now and in the empty lane.</summary>
internal readonly record struct BlockStatistics(double NowMean, double LaneMean, double NowDeviation, double LaneDeviation, double Correlation)
{
    /// <summary>Measures the block whose top left pixel is (x, y); strides in elements.</summary>
    public static unsafe BlockStatistics Of(byte* now, int nowStride, float* lane, int laneStride, int x, int y, int size)
    {
        double sn = 0, sl = 0, snn = 0, sll = 0, snl = 0;
        for (var j = 0; j < size; j++)
        {
            for (var i = 0; i < size; i++)
            {
                double n = now[((y + j) * nowStride) + x + i], l = lane[((y + j) * laneStride) + x + i];
                sn += n;
                sl += l;
                snn += n * n;
                sll += l * l;
                snl += n * l;
            }
        }

        var count = (double)size * size;
        var (vn, vl) = (Math.Max(0, (snn / count) - (sn / count * sn / count)), Math.Max(0, (sll / count) - (sl / count * sl / count)));
        var covariance = (snl / count) - (sn / count * sl / count);
        return new(sn / count, sl / count, Math.Sqrt(vn), Math.Sqrt(vl), vn > 0 && vl > 0 ? covariance / Math.Sqrt(vn * vl) : 0);
    }

    /// <summary>True when it is not what the empty lane shows, under a change of light by <paramref name="gain"/>.</summary>
    public bool Differs(double gain, double plainBelow, double plainDiffers, double samePattern)
    {
        var nowPlain = NowDeviation < plainBelow;
        var lanePlain = LaneDeviation * gain < plainBelow;
        if (nowPlain || lanePlain)
        {
            // one pattern appeared or vanished, or the brightness changed
            var pattern = nowPlain != lanePlain && Math.Max(NowDeviation, LaneDeviation) > 2 * plainBelow && Correlation < samePattern;
            return pattern || Math.Abs(NowMean - (LaneMean * gain)) > plainDiffers;
        }

        return Correlation < samePattern;
    }
}
