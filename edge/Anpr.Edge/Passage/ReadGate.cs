using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Track;
using OpenCvSharp;

namespace Anpr.Edge.Passage;

/// <summary>
/// Spares the reader what stands where it stood and looks as it did: a barrier, a sign, a vehicle that waits while another moves. As those of
/// <see cref="LookGate"/> its repeated reads are no new evidence. One camera's; not thread-safe.
/// </summary>
internal sealed class ReadGate : IDisposable
{
    // Two boxes that overlap so much are one place.
    private const float OnePlace = 0.7f;

    // Shares of a plate's width and height on each side that are compared too: a plate that grows moves its edges.
    private const float RoomX = 0.1f;
    private const float RoomY = 0.3f;

    // Small copies that are compared: characters are 5 of their pixels wide.
    private static readonly Size Small = new(56, 20);

    // What was not found for so long is forgotten.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);

    private readonly List<Place> _places = [];
    private readonly Sameness _same = new();
    private readonly PictureShrink _shrink = new();
    private readonly Mat _now = new(Small, MatType.CV_8UC1);

    /// <summary>The read of a plate that was found in this picture, when it looks as it did when it was read; null when the reader is to look.</summary>
    public PlateLook? Recall(Picture picture, Plate plate, DateTimeOffset time)
    {
        Forget(time);
        if (PlaceOf(plate) is not { } place)
        {
            return null;
        }

        _shrink.GreyPartInto(picture, place.Part, _now);
        place.Alike = _same.Of(_now, place.Seen) ? place.Alike : 0;
        place.FoundAt = time;
        return place.Alike >= LookGate.Enough && time - place.ReadAt < LookGate.LookEvery ? place.Look with { Plate = plate, Repeated = true } : null;
    }

    /// <summary>The reader has looked at a plate of this picture.</summary>
    public void Remember(Picture picture, PlateLook look, DateTimeOffset time)
    {
        var place = PlaceOf(look.Plate);
        if (place is null)
        {
            place = new() { Seen = new(Small, MatType.CV_8UC1) };
            _places.Add(place);
        }

        (place.Look, place.ReadAt, place.FoundAt) = (look, time, time);
        place.Part = Quad.Of(look.Plate.Box).Enlarged(RoomX, RoomY).Bounds().Pixels();
        place.Alike++;
        _shrink.GreyPartInto(picture, place.Part, place.Seen);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.ForEach(static place => place.Seen.Dispose());
        _now.Dispose();
        _shrink.Dispose();
    }

    private Place? PlaceOf(Plate plate)
    {
        foreach (var place in _places)
        {
            if (place.Look.Plate.Box.IoU(plate.Box) > OnePlace)
            {
                return place;
            }
        }

        return null;
    }

    private void Forget(DateTimeOffset time)
    {
        for (var i = _places.Count - 1; i >= 0; i--)
        {
            if (time - _places[i].FoundAt > Kept || time < _places[i].FoundAt)
            {
                _places[i].Seen.Dispose();
                _places.RemoveAt(i);
            }
        }
    }

    private sealed class Place
    {
        public required Mat Seen { get; init; }

        public PlateLook Look { get; set; } = null!;

        public Rect Part { get; set; }

        public DateTimeOffset ReadAt { get; set; }

        public DateTimeOffset FoundAt { get; set; }

        public int Alike { get; set; }
    }
}
