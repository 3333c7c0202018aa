namespace Anpr.Edge.Capture;

/// <summary>
/// Whether one camera shows what it should, by looking at a small grey copy of its picture about twice a second: frozen, covered, moved or
/// defocused. It learns the view by itself and judges only by what it has learnt; vehicles, light and weather are none of these. Memory is
/// constant, and nothing is allocated while all is well. Not thread-safe.
/// </summary>
internal sealed class CameraHealth : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(0.45);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(3);

    // How long a fault must show before it is told, and be away before it is over. Ten seconds are wanted; vehicles pass in two.
    private const double TellAfterSeconds = 5;
    private const double OverAfterSeconds = 3;

    // Shares of the view's textured blocks that are visible: below the first the view is gone if its anchors are too; so few that it is
    // gone also where vehicles hide every block at times; above the third it is there and not worth looking for elsewhere.
    private const float Gone = 0.2f;
    private const float AnchorsGone = 0.5f;
    private const float AllGone = 0.02f;
    private const float There = 0.75f;

    // Of what hides the view, the share without any detail that makes it a cover: it is too near to be sharp.
    private const float CoverSmooth = 0.8f;

    // A vehicle always shows an edge somewhere; what leaves less than this is a cover whatever it leaves of the view.
    private const float NoEdge = 0.97f;

    // Least shift, in shares of the picture's width: below it lie wind and passing lorries.
    private const double LeastShift = 0.012;

    // Sharpness over the learnt one: blur of 2 pixels in 960 halves it.
    private const float Soft = 0.65f;
    private static readonly double[] Blurs = [1, 2, 3.5];

    // Looking for a shift costs some milliseconds: while nothing changes it is done ever more rarely.
    private const double LongestShiftPause = 30;
    private const float VisibleChange = 0.12f;

    private readonly HealthPicture _picture = new();
    private readonly FreezeWatch _freeze = new();
    private readonly KnownView _view = new();
    private Evidence _covered;
    private Evidence _moved;
    private Evidence _defocused;
    private DateTimeOffset _last;
    private (DateTimeOffset Next, double Pause, float Visible, double? Shift) _shift;

    /// <summary>What is wrong now.</summary>
    public CameraVerdict Verdict { get; private set; } = CameraVerdict.Well;

    /// <summary>Takes the next frame, which it may leave out; it stays the caller's. Times are capture times.</summary>
    /// <returns><see cref="Verdict"/>.</returns>
    public CameraVerdict See(Picture picture, DateTimeOffset time)
    {
        var gap = time - _last;
        if (gap >= TimeSpan.Zero && gap < LookEvery)
        {
            return Verdict;
        }

        _last = time;
        var fresh = gap < TimeSpan.Zero || gap > LongestGap;
        var known = _picture.Take(picture);
        _freeze.See(picture, fresh || !known ? null : gap.TotalSeconds);
        if (!known)
        {
            Forget();
        }
        else if (!fresh && !_freeze.Frozen)
        {
            Look(time, gap.TotalSeconds);
        }

        return Verdict = Judge();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _picture.Dispose();
        _view.Dispose();
    }

    private void Forget()
    {
        _view.Forget(_picture.Blocks.Length);
        (_covered, _moved, _defocused) = (default, default, default);
    }

    private void Look(DateTimeOffset time, double seconds)
    {
        var look = _view.Compare(_picture);
        if (!_view.Known)
        {
            _view.Learn(_picture, look, seconds);
            return;
        }

        var shift = look.Visible < There ? Shift(look, time) : 0;
        var shifted = shift >= LeastShift;
        var gone = !shifted && (look.AnchorsVisible is { } anchors ? look.Visible < Gone && anchors < AnchorsGone : look.Visible < AllGone);
        gone |= !shifted && look.Visible < Gone && look.HiddenSmooth >= NoEdge;
        var blurred = look.Visible < There && !shifted && look.HiddenSmooth >= CoverSmooth && IsBlurred(look);
        _moved.Add(shifted || (gone && !blurred && look.HiddenSmooth < CoverSmooth), seconds);
        _covered.Add(gone && !blurred && look.HiddenSmooth >= CoverSmooth, seconds);
        if (blurred || gone || look.Sharpness is not null)
        {
            _defocused.Add(blurred || (!gone && !shifted && look.Sharpness < Soft), seconds);
        }

        var well = _covered.Seconds + _moved.Seconds + _defocused.Seconds == 0;
        _view.NoteHidden(seconds, well ? true : _covered.Told || _moved.Told || _defocused.Told ? false : null);
        if (well)
        {
            _view.Learn(_picture, look, seconds);
        }
    }

    private bool IsBlurred(ViewLook look) => Array.Exists(Blurs, sigma => _view.VisibleBlurred(_picture, sigma) is var visible && visible >= 2 * Gone && visible > look.Visible + Gone);

    private double? Shift(ViewLook look, DateTimeOffset time)
    {
        var same = Math.Abs(look.Visible - _shift.Visible) < VisibleChange;
        if (same && time < _shift.Next)
        {
            return _shift.Shift;
        }

        var shift = ViewShift.Of(_view, _picture, look.Visible);
        var pause = same && !(shift >= LeastShift) ? Math.Min(2 * _shift.Pause, LongestShiftPause) : 1;
        _shift = (time + TimeSpan.FromSeconds(pause), pause, look.Visible, shift);
        return shift;
    }

    private CameraVerdict Judge()
    {
        var fault = _freeze.Frozen ? CameraFault.Frozen
            : _covered.Told ? CameraFault.Covered
            : _moved.Told ? CameraFault.Moved
            : _defocused.Told ? CameraFault.Defocused
            : CameraFault.None;
        return fault == Verdict.Fault ? Verdict : new(fault, Words(fault));
    }

    private string Words(CameraFault fault) => fault switch
    {
        CameraFault.Frozen => FormattableString.Invariant($"the picture has not changed for {_freeze.Seconds:0} s: restart the camera or check its stream"),
        CameraFault.Covered => "nothing of its view is to be seen, only a plain surface: look for a cover, paint or dirt on it, and for its light",
        CameraFault.Moved when _shift.Shift >= LeastShift => FormattableString.Invariant($"its view has moved by {100 * _shift.Shift:0} % of the picture's width: aim it again, or restart the lane if it is to look there"),
        CameraFault.Moved => "it shows another view than before: aim it again, or restart the lane if it is to look there",
        CameraFault.Defocused => "edges are far softer than before: focus its lens again, or clean it",
        _ => "",
    };

    /// <summary>For how long something has been so; told after a while, and over after another.</summary>
    private struct Evidence
    {
        /// <summary>How much speaks for it, seconds.</summary>
        public double Seconds { get; private set; }

        /// <summary>True from when it is sure until it is over.</summary>
        public bool Told { get; private set; }

        public void Add(bool so, double seconds)
        {
            var most = Told ? OverAfterSeconds : TellAfterSeconds;
            Seconds = so ? Math.Min(Seconds + seconds, most) : Math.Max(0, Seconds - (Told ? seconds : 2 * seconds));
            if (Told ? Seconds == 0 : Seconds >= TellAfterSeconds)
            {
                Told = !Told;
                Seconds = Told ? OverAfterSeconds : 0;
            }
        }
    }
}
