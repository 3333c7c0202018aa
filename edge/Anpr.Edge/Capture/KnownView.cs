using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>
/// What one camera shows when nothing is in the way, learnt block by block where nothing moves, and how a look compares with it. The
/// light of the day is followed; what stands in the view for long becomes a part of it. Not thread-safe.
/// </summary>
internal sealed class KnownView : IDisposable
{
    /// <summary>A block looks as known from this correlation of its pattern on: shadows and rain leave more, another thing less.</summary>
    public const float Alike = 0.6f;

    // Sharpness is compared where nothing intrudes at all.
    private const float Same = 0.8f;

    // The tenth or so of the blocks that is hidden least are its anchors: vehicles do not reach them, or they are too clear to be lost in noise.
    private const double AnchorShare = 0.1;
    private const float MostHidden = 0.01f;

    // A view that is younger is not judged by.
    private const double KnownAfterSeconds = 15;

    // A block has edges to go by when its pattern stands out so far, in grey levels and over the noise; fewer such blocks tell nothing.
    private const float LeastDeviation = 1.5f;
    private const float OverNoise = 2.5f;
    private const int LeastBlocks = 12;

    // What is at the lens is out of focus: a block of it has less pattern than the first, squared grey levels without noise, or less fine
    // detail for it than this share of what the view usually has.
    private const float PlainBelow = 4;
    private const float OutOfFocus = 0.3f;

    // What stands still where something else is known is taken into the view after half of the view's age, within these limits.
    private const double ShortestPatience = 60;
    private const double LongestPatience = 1800;

    // A block moves when its gradient changes by so much more than the median block's.
    private const float MovingOverNoise = 4;
    private const float LeastMotion = 2;

    private readonly SharpnessRatio _sharpness = new();
    private readonly float[] _sorted = new float[2 * HealthPicture.Columns * HealthPicture.Columns];
    private BlockMemory[] _memory = [];
    private float[] _alike = [];
    private double _age;

    /// <summary>32-bit float, one channel: the learnt pattern.</summary>
    public Mat Pattern { get; } = new();

    /// <summary>Number of blocks that have edges to go by.</summary>
    public int Textured { get; private set; }

    /// <summary>True once there is enough to judge by.</summary>
    public bool Known => _age >= KnownAfterSeconds && Textured >= LeastBlocks;

    /// <summary>Forgets everything.</summary>
    public void Forget(int blocks)
    {
        _memory = new BlockMemory[blocks];
        _alike = new float[blocks];
        (_age, Textured) = (0, 0);
        Pattern.Create(0, 0, MatType.CV_32FC1);
    }

    /// <summary>How a look compares with what is known.</summary>
    public ViewLook Compare(HealthPicture now)
    {
        if (Pattern.Empty())
        {
            return default;
        }

        MarkTextured(now);
        var anchored = AnchorsAre();
        var outOfFocus = OutOfFocus * UsualSharpness();
        var (visible, hidden, hiddenSmooth, anchors, anchorsVisible) = (0, 0, 0, 0, 0);
        _sharpness.Clear(_memory.Length);
        for (var i = 0; i < _memory.Length; i++)
        {
            (_alike[i], var gain, var contrast) = PatternBlock.Compare(now.Pattern, Pattern, i);
            if (!_memory[i].Textured)
            {
                continue;
            }

            var seen = _alike[i] >= Alike;
            if (_memory[i].Hidden <= anchored)
            {
                anchors++;
                anchorsVisible += seen ? 1 : 0;
            }

            if (_alike[i] >= Same && Squared(gain * _memory[i].Step) is > 0 and var expected)
            {
                _sharpness.Add(now.Blocks[i], expected);
            }

            if (seen)
            {
                visible++;
            }
            else
            {
                hidden++;
                // Noise of a gradient is four times that of a pixel.
                var plain = contrast - (now.Blocks[i].CoarseNoise / 4) < PlainBelow;
                hiddenSmooth += plain || now.Blocks[i].Detail < outOfFocus * contrast ? 1 : 0;
            }
        }

        return new(
            Textured > 0 ? (float)visible / Textured : 0,
            anchors > 0 ? (float)anchorsVisible / anchors : null,
            hidden > 0 ? (float)hiddenSmooth / hidden : 0,
            _sharpness.Median());
    }

    /// <summary>
    /// Remembers which blocks something hid in a look that was just compared. What hid them counts once it is known to be no fault:
    /// until then a fault would make anchors of what it happens to leave.
    /// </summary>
    /// <param name="seconds">Since the look before.</param>
    /// <param name="innocent">True: no fault is suspected. False: one is told. Null: it is not known yet.</param>
    public void NoteHidden(double seconds, bool? innocent)
    {
        for (var i = 0; i < _memory.Length; i++)
        {
            _memory[i].NoteHidden(_memory[i].Textured && _alike[i] < Alike, seconds, innocent);
        }
    }

    /// <summary>Learns from a look that was just compared and in which nothing is wrong.</summary>
    public void Learn(HealthPicture now, ViewLook look, double seconds)
    {
        if (Pattern.Empty())
        {
            now.Pattern.CopyTo(Pattern);
            return;
        }

        _age += seconds;
        var moving = (MovingOverNoise * MedianNoise(now, coarse: false)) + LeastMotion;
        for (var i = 0; i < _memory.Length; i++)
        {
            ref var memory = ref _memory[i];
            if (now.Blocks[i].Noise > moving)
            {
                memory.UnlikeSeconds = 0;
                continue;
            }

            var unlike = memory.Textured && _alike[i] < Alike;
            memory.UnlikeSeconds = unlike ? memory.UnlikeSeconds + seconds : 0;
            if (memory.UnlikeSeconds > Math.Clamp(_age / 2, ShortestPatience, LongestPatience))
            {
                memory.ForgetLooks();
            }
            else if (unlike || (!memory.Textured && Known && look.Visible < 0.8f))
            {
                // Something stands before it, or may do.
                continue;
            }

            PatternBlock.Blend(now.Pattern, Pattern, i, memory.Learn(now.Blocks[i].Detail, seconds));
            memory.Deviation = PatternBlock.Deviation(Pattern, i);
        }
    }

    /// <summary>Share of the textured blocks that look as known once the known is blurred so far, 0..1: the picture is out of focus.</summary>
    public float VisibleBlurred(HealthPicture now, double sigmaPx)
    {
        using var blurred = new Mat();
        Cv2.GaussianBlur(Pattern, blurred, new Size(0, 0), sigmaPx);
        var visible = 0;
        for (var i = 0; i < _memory.Length; i++)
        {
            visible += _memory[i].Textured && PatternBlock.Compare(now.Pattern, blurred, i).Alike >= Alike ? 1 : 0;
        }

        return (float)visible / Textured;
    }

    /// <summary>Indices of the blocks that have edges to go by.</summary>
    public IEnumerable<int> TexturedBlocks() => Enumerable.Range(0, _memory.Length).Where(i => _memory[i].Textured);

    /// <inheritdoc/>
    public void Dispose() => Pattern.Dispose();

    private void MarkTextured(HealthPicture now)
    {
        // Gradient noise is twice the noise of a pixel, in each of two directions.
        var noise = MathF.Sqrt(MedianNoise(now, coarse: true)) / 2;
        Textured = 0;
        for (var i = 0; i < _memory.Length; i++)
        {
            _memory[i].Textured = _memory[i].Deviation >= Math.Max(LeastDeviation, OverNoise * noise);
            Textured += _memory[i].Textured ? 1 : 0;
        }
    }

    /// <summary>The most that an anchor is hidden; below 0 when vehicles hide every block too often.</summary>
    private float AnchorsAre()
    {
        var count = 0;
        foreach (var memory in _memory)
        {
            if (memory.Textured)
            {
                _sorted[count++] = memory.Hidden;
            }
        }

        Array.Sort(_sorted, 0, count);
        var most = count > 0 ? _sorted[(int)(AnchorShare * count)] : 0;
        return most <= MostHidden ? most : -1;
    }

    /// <summary>The median block's fine detail over its contrast.</summary>
    private float UsualSharpness()
    {
        var count = 0;
        foreach (var memory in _memory)
        {
            if (memory.Textured)
            {
                _sorted[count++] = memory.Sharpness;
            }
        }

        Array.Sort(_sorted, 0, count);
        return _sorted[count / 2];
    }

    /// <summary>The median block's noise.</summary>
    private float MedianNoise(HealthPicture now, bool coarse)
    {
        for (var i = 0; i < now.Blocks.Length; i++)
        {
            _sorted[i] = coarse ? now.Blocks[i].CoarseNoise : now.Blocks[i].Noise;
        }

        Array.Sort(_sorted, 0, now.Blocks.Length);
        return _sorted[now.Blocks.Length / 2];
    }

    private static float Squared(float x) => x * x;
}
