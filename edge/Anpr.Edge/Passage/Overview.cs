namespace Anpr.Edge.Passage;

/// <summary>
/// The whole of a frame that may be shown: it keeps the frame's pixels until its JPEG is made, which is when somebody is first told of it. Of a
/// vehicle that comes nearer most frames are the best one for a moment only. Dispose it. Not thread-safe.
/// </summary>
internal sealed class Overview(Func<byte[]> encode, IDisposable pixels) : IDisposable
{
    private byte[]? _jpeg;
    private int _holders = 1;

    /// <summary>One more holds it: it has to be disposed once more.</summary>
    public Overview Hold()
    {
        _holders++;
        return this;
    }

    /// <summary>The frame, JPEG.</summary>
    public byte[] Jpeg()
    {
        if (_jpeg is null)
        {
            _jpeg = encode();
            pixels.Dispose();
        }

        return _jpeg;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (--_holders == 0 && _jpeg is null)
        {
            pixels.Dispose();
        }
    }
}
