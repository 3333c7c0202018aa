namespace Anpr.Edge.Capture;

/// <summary>
/// Whether key pictures do for now: a live source then decodes no others, which costs it next to nothing. Set by who knows that nothing is
/// there to be missed. Thread-safe.
/// </summary>
public sealed class KeyPictures
{
    private volatile bool _alone;

    /// <summary>Told of each change, on the thread that made it.</summary>
    public event Action? Changed;

    /// <summary>True while they do.</summary>
    public bool Alone => _alone;

    /// <summary>Says whether they do from now on. One thread at a time.</summary>
    /// <returns>True when that is new.</returns>
    public bool Set(bool alone)
    {
        if (_alone == alone)
        {
            return false;
        }

        _alone = alone;
        Changed?.Invoke();
        return true;
    }
}
