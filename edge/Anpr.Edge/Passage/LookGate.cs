using Anpr.Edge.Track;
using OpenCvSharp;

namespace Anpr.Edge.Passage;

/// <summary>
/// Spares the models in a picture that shows what it showed when they last looked: then there are the same plates, and the same reads are no
/// new evidence. Compares small grey copies with the one of that look, so that slow changes add up. Not thread-safe.
/// </summary>
internal sealed class LookGate : IDisposable
{
    // So many looks at the same picture, one after the other, tell what reads of it agree on; noise makes each a little different.
    internal const int Enough = 5;

    // However still it is: what was missed is looked for again, and a vehicle that stands gains reads.
    internal static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    // A small pixel stands for 12 x 12 of a 1080p picture. A plate 20 pixels wide and 100 grey levels brighter that appears changes the mean
    // of some 3 x 3 small pixels by 6; grain of 8 levels a pixel in a picture 640 wide changes none of them by more than 4.
    private readonly Sameness _same = new();
    private readonly Mat _seen = new();
    private DateTimeOffset _lookedAt;
    private int _alike;
    private IReadOnlyList<PlateLook> _looks = [];

    /// <summary>Whether the picture that was last asked about shows what the look before it showed.</summary>
    public bool IsStill => _alike > 0;

    /// <summary>Whether the picture that was last looked at, or that needed no look, shows what the look before it showed.</summary>
    public bool StayedStill => _alike > 1;

    /// <summary>The plates of the last look when this small picture (8-bit grey, without gaps between its rows) shows the same; null when the models are to look.</summary>
    public IReadOnlyList<PlateLook>? Recall(Mat small, DateTimeOffset time)
    {
        _alike = _same.Of(small, _seen) ? _alike : 0;
        var passed = time - _lookedAt;
        return _alike >= Enough && passed >= TimeSpan.Zero && passed < LookEvery ? _looks : null;
    }

    /// <summary>The models have looked at the picture that was just asked about.</summary>
    public void Remember(Mat small, DateTimeOffset time, IReadOnlyList<PlateLook> looks)
    {
        small.CopyTo(_seen);
        _alike++;
        _lookedAt = time;
        _looks = looks.Count == 0 ? [] : [.. looks.Select(look => look with { Repeated = true })];
    }

    /// <inheritdoc/>
    public void Dispose() => _seen.Dispose();
}
