namespace Anpr.Edge.Capture;

/// <summary>What <see cref="KnownView"/> knows of one block beside its pattern.</summary>
internal struct BlockMemory
{
    // Followed with this time constant once a block is known: light changes over minutes, and a fault is told within seconds.
    private const double LearnSeconds = 120;

    // How often something hides a block is remembered with this time constant.
    private const double HiddenSeconds = 3600;

    private int _looks;
    private float _pendingHidden;

    /// <summary>How far its learnt pattern stands out, grey levels.</summary>
    public float Deviation { get; set; }

    /// <summary>Share of the last hour or so that something hid it, 0..1.</summary>
    public float Hidden { get; private set; }

    /// <summary>Root of its detail: while the light changes it lags behind as the pattern does, and their squares would not.</summary>
    public float Step { get; private set; }

    /// <summary>For how long it has not looked as known.</summary>
    public double UnlikeSeconds { get; set; }

    /// <summary>True when it has edges to go by.</summary>
    public bool Textured { get; set; }

    /// <summary>Detail over contrast: how sharp its edges are.</summary>
    public readonly float Sharpness => Step / Deviation * (Step / Deviation);

    /// <summary>What <see cref="KnownView.NoteHidden"/> says, of this block.</summary>
    public void NoteHidden(bool isHidden, double seconds, bool? innocent)
    {
        var hidden = isHidden ? (float)(seconds / HiddenSeconds) : 0;
        Hidden = (Hidden * (float)Math.Exp(-seconds / HiddenSeconds)) + (innocent == true ? _pendingHidden + hidden : 0);
        _pendingHidden = innocent is null ? _pendingHidden + hidden : 0;
    }

    /// <summary>Forgets the block but not how often it is hidden.</summary>
    public void ForgetLooks() => this = new() { Hidden = Hidden, _pendingHidden = _pendingHidden };

    /// <summary>Learns the block's detail from one more look.</summary>
    /// <returns>The share of the new look in what is known now, 0..1.</returns>
    public float Learn(float detail, double seconds)
    {
        var share = (float)Math.Max(1.0 / (1 + _looks), 1 - Math.Exp(-seconds / LearnSeconds));
        _looks = Math.Min(_looks + 1, 1_000_000);
        Step += share * (MathF.Sqrt(Math.Max(0, detail)) - Step);
        return share;
    }
}
