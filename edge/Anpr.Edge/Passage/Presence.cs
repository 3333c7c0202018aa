namespace Anpr.Edge.Passage;

/// <summary>
/// Whether something vehicle-sized is in one camera's view, out of the share of the picture that differs from the empty lane. Hysteresis
/// in size and time keeps a standing vehicle one, and parts two that follow each other. Pure but for its state.
/// </summary>
internal sealed class Presence(PassageOptions options)
{
    private DateTimeOffset? _appeared;
    private DateTimeOffset? _emptied;

    /// <summary>Grows by one with each vehicle-sized thing that comes.</summary>
    public int Number { get; private set; }

    /// <summary>True while it is there.</summary>
    public bool There { get; private set; }

    /// <summary>Capture time at which it came.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>Nothing is known to be there: what is comes as a new thing.</summary>
    public void Forget()
    {
        There = false;
        _appeared = null;
    }

    /// <summary>Takes the next share; null (unknown) changes nothing.</summary>
    public void See(DateTimeOffset time, float? share)
    {
        if (share is not { } s)
        {
            return;
        }

        if (There)
        {
            _emptied = s < options.EmptyShare ? _emptied ?? time : null;
            There = _emptied is not { } since || time - since < options.EmptyFor;
            _appeared = null;
            return;
        }

        _appeared = s >= options.VehicleShare ? _appeared ?? time : null;
        if (_appeared is { } came && time - came >= options.AppearsFor)
        {
            There = true;
            Since = came;
            Number++;
            _emptied = null;
        }
    }
}
