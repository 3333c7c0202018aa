namespace Anpr.Edge.Capture;

/// <summary>How sharp a look is beside the known view: the weighted median over its blocks. Its buffers are used again; not thread-safe.</summary>
internal sealed class SharpnessRatio
{
    // What of a block's noise is not known, four times over: it is the variance of some 500 pixels. And how much blocks must weigh together.
    private const float NoiseError = 0.3f;
    private const float CodingError = 5;
    private const float LeastSure = 4;

    private float[] _ratios = [];
    private float[] _weights = [];
    private int _count;

    /// <summary>Starts anew, for a look of so many blocks.</summary>
    public void Clear(int blocks)
    {
        _count = 0;
        if (_ratios.Length != blocks)
        {
            (_ratios, _weights) = (new float[blocks], new float[blocks]);
        }
    }

    /// <summary>Adds a block of which this detail was expected, squared grey levels and above 0.</summary>
    public void Add(BlockFigures block, float expected)
    {
        // A block counts by how far it stands out of what is not known of its noise, and of what an encoder makes of texture.
        var sure = expected / (CodingError + (NoiseError * block.Noise));
        _ratios[_count] = block.Detail / expected;
        _weights[_count++] = sure * sure / (1 + (sure * sure));
    }

    /// <summary>Detail over what was expected, 1 when unchanged; null when the blocks tell too little together. Call it once.</summary>
    public float? Median()
    {
        var all = 0f;
        for (var i = 0; i < _count; i++)
        {
            all += _weights[i];
        }

        if (all < LeastSure)
        {
            return null;
        }

        Array.Sort(_ratios, _weights, 0, _count);
        var (at, below) = (0, _weights[0]);
        while (below < all / 2)
        {
            below += _weights[++at];
        }

        return _ratios[at];
    }
}
