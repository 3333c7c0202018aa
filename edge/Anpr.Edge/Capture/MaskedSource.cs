using System.Runtime.CompilerServices;

namespace Anpr.Edge.Capture;

/// <summary>A source whose private areas are black in every frame, before anybody sees it: no picture that is made of it can show them.</summary>
internal sealed class MaskedSource(IFrameSource source, IReadOnlyList<Area> areas) : IFrameSource
{
    public bool TimeKnown => source.TimeKnown;

    public long Dropped => source.Dropped;

    public async IAsyncEnumerable<Frame> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var frame in source.ReadAsync(cancel))
        {
            foreach (var area in areas)
            {
                frame.Picture.Blacken(area);
            }

            yield return frame;
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
