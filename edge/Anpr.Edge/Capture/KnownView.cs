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

    // Followed with this time constant once a block is known: light changes over minutes, and a fault is told within seconds.
    private const double LearnSeconds = 120;

    // Sharpness is compared where nothing intrudes at all.
    private const float Same = 0.8f;

    // How often something hides a block is remembered with this time constant. The tenth or so that is hidden least are its anchors:
    // vehicles do not reach them, or they are too clear to be lost in noise.
    private const double HiddenSeconds = 3600;
    private const double AnchorShare = 0.1;
    private const float MostHidden = 0.01f;

    // What of a block's noise is not known, four times over: it is the variance of some 500 pixels. And how much blocks must weigh together.
    private const float NoiseError = 0.3f;
    private const float CodingError = 5;
    private const float LeastSure = 4;

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

    private readonly float[] _sorted = new float[2 * HealthPicture.Columns * HealthPicture.Columns];
    private BlockMemory[] _memory = [];
    private float[] _alike = [];
    private float[] _ratios = [];
    private float[] _weights = [];
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
        (_ratios, _weights) = (new float[blocks], new float[blocks]);
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
        var compared = 0;
        for (var i = 0; i < _memory.Length; i++)
        {
            (_alike[i], var gain, var contrast) = Correlation(now.Pattern, Pattern, i);
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
                // A block counts by how far it stands out of what is not known of its noise, and of what an encoder makes of texture.
                var sure = expected / (CodingError + (NoiseError * now.Blocks[i].Noise));
                _ratios[compared] = now.Blocks[i].Detail / expected;
                _weights[compared++] = sure * sure / (1 + (sure * sure));
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
            MedianRatio(compared));
    }

    /// <summary>
    /// Remembers which blocks something hid in a look that was just compared. What hid them counts once it is known to be no fault:
    /// until then a fault would make anchors of what it happens to leave.
    /// </summary>
    /// <param name="seconds">Since the look before.</param>
    /// <param name="innocent">True: no fault is suspected. False: one is told. Null: it is not known yet.</param>
    public void NoteHidden(double seconds, bool? innocent)
    {
        var decay = (float)Math.Exp(-seconds / HiddenSeconds);
        for (var i = 0; i < _memory.Length; i++)
        {
            ref var memory = ref _memory[i];
            var hidden = memory.Textured && _alike[i] < Alike ? (float)(seconds / HiddenSeconds) : 0;
            memory.Hidden = (memory.Hidden * decay) + (innocent == true ? memory.PendingHidden + hidden : 0);
            memory.PendingHidden = innocent is null ? memory.PendingHidden + hidden : 0;
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
        var moving = (MovingOverNoise * Noise(now, b => b.Noise)) + LeastMotion;
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
                memory = new() { Hidden = memory.Hidden, PendingHidden = memory.PendingHidden };
            }
            else if (unlike || (!memory.Textured && Known && look.Visible < 0.8f))
            {
                // Something stands before it, or may do.
                continue;
            }

            Follow(now, ref memory, i, seconds);
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
            visible += _memory[i].Textured && Correlation(now.Pattern, blurred, i).Alike >= Alike ? 1 : 0;
        }

        return (float)visible / Textured;
    }

    /// <summary>Indices of the blocks that have edges to go by.</summary>
    public IEnumerable<int> TexturedBlocks() => Enumerable.Range(0, _memory.Length).Where(i => _memory[i].Textured);

    /// <inheritdoc/>
    public void Dispose() => Pattern.Dispose();

    private void Follow(HealthPicture now, ref BlockMemory memory, int block, double seconds)
    {
        var share = (float)Math.Max(1.0 / (1 + memory.Looks), 1 - Math.Exp(-seconds / LearnSeconds));
        memory.Looks = Math.Min(memory.Looks + 1, 1_000_000);
        Blend(now.Pattern, Pattern, block, share);
        memory.Step += share * (MathF.Sqrt(Math.Max(0, now.Blocks[block].Detail)) - memory.Step);
        memory.Deviation = Deviation(Pattern, block);
    }

    private void MarkTextured(HealthPicture now)
    {
        // Gradient noise is twice the noise of a pixel, in each of two directions.
        var noise = MathF.Sqrt(Noise(now, b => b.CoarseNoise)) / 2;
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
                _sorted[count++] = Squared(memory.Step / memory.Deviation);
            }
        }

        Array.Sort(_sorted, 0, count);
        return _sorted[count / 2];
    }

    /// <summary>The median block's noise.</summary>
    private float Noise(HealthPicture now, Func<BlockFigures, float> of)
    {
        for (var i = 0; i < now.Blocks.Length; i++)
        {
            _sorted[i] = of(now.Blocks[i]);
        }

        Array.Sort(_sorted, 0, now.Blocks.Length);
        return _sorted[now.Blocks.Length / 2];
    }

    /// <summary>The weighted median of the ratios; null when the blocks tell too little together.</summary>
    private float? MedianRatio(int count)
    {
        var all = 0f;
        for (var i = 0; i < count; i++)
        {
            all += _weights[i];
        }

        if (all < LeastSure)
        {
            return null;
        }

        Array.Sort(_ratios, _weights, 0, count);
        var (at, below) = (0, _weights[0]);
        while (below < all / 2)
        {
            below += _weights[++at];
        }

        return _ratios[at];
    }

    private static unsafe (float Alike, float Gain, float Contrast) Correlation(Mat now, Mat known, int block)
    {
        var (left, top) = (block % HealthPicture.Columns * HealthPicture.Block, block / HealthPicture.Columns * HealthPicture.Block);
        float sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
        for (var y = top; y < top + HealthPicture.Block; y++)
        {
            var a = (float*)now.Ptr(y);
            var b = (float*)known.Ptr(y);
            for (var x = left; x < left + HealthPicture.Block; x++)
            {
                sa += a[x];
                sb += b[x];
                saa += a[x] * a[x];
                sbb += b[x] * b[x];
                sab += a[x] * b[x];
            }
        }

        const float count = HealthPicture.Block * HealthPicture.Block;
        var (va, vb) = (saa - (sa * sa / count), sbb - (sb * sb / count));
        var common = sab - (sa * sb / count);
        return va > 1e-3f && vb > 1e-3f ? (common / MathF.Sqrt(va * vb), common / vb, va / count) : (0, 0, va / count);
    }

    private static float Squared(float x) => x * x;

    private static unsafe float Deviation(Mat pattern, int block)
    {
        var (left, top) = (block % HealthPicture.Columns * HealthPicture.Block, block / HealthPicture.Columns * HealthPicture.Block);
        float sum = 0, squares = 0;
        for (var y = top; y < top + HealthPicture.Block; y++)
        {
            var row = (float*)pattern.Ptr(y);
            for (var x = left; x < left + HealthPicture.Block; x++)
            {
                sum += row[x];
                squares += row[x] * row[x];
            }
        }

        const float count = HealthPicture.Block * HealthPicture.Block;
        return MathF.Sqrt(Math.Max(0, (squares / count) - (sum / count * sum / count)));
    }

    private static unsafe void Blend(Mat now, Mat known, int block, float share)
    {
        var (left, top) = (block % HealthPicture.Columns * HealthPicture.Block, block / HealthPicture.Columns * HealthPicture.Block);
        for (var y = top; y < top + HealthPicture.Block; y++)
        {
            var from = (float*)now.Ptr(y);
            var to = (float*)known.Ptr(y);
            for (var x = left; x < left + HealthPicture.Block; x++)
            {
                to[x] += share * (from[x] - to[x]);
            }
        }
    }

    /// <summary>What is known of one block.</summary>
    private struct BlockMemory
    {
        public int Looks;
        public float Deviation;
        public float Hidden;
        public float PendingHidden;

        // Root of the detail: while the light changes it lags behind as the pattern does, and their squares would not.
        public float Step;
        public double UnlikeSeconds;
        public bool Textured;
    }
}

/// <summary>How one look compares with the known view.</summary>
/// <param name="Visible">Share of the textured blocks that look as known, 0..1.</param>
/// <param name="AnchorsVisible">The same of those that vehicles do not hide; null when they hide every one now and then.</param>
/// <param name="HiddenSmooth">Of those that are not visible, the share in which there is nothing to see, 0..1.</param>
/// <param name="Sharpness">Median sharpness of the visible blocks over the learnt one, 1 when unchanged; null when too few tell.</param>
internal readonly record struct ViewLook(float Visible, float? AnchorsVisible, float HiddenSmooth, float? Sharpness);
