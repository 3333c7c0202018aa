using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;
using Anpr.Edge.Read;
using Anpr.Edge.Track;
using OpenCvSharp;

namespace Anpr.Benchmarks.Reading;

/// <summary>What the product made of one drawn passage.</summary>
/// <param name="Conditions">What it was drawn with.</param>
/// <param name="Truth">Its registration.</param>
/// <param name="Told">Its sightings as they were at last; empty when no plate was told.</param>
internal sealed record PassageTrial(Conditions Conditions, string Truth, IReadOnlyList<SightingRecord> Told);

/// <summary>
/// Takes drawn passages through the product's reader, its vote with the formats of countries, its second reader and its passage stage, five
/// views a second. Only the detector is left out (<see cref="DrawnPassage"/>). One thread at a time.
/// </summary>
internal sealed class PassageTrials(VisionModels models, int seed) : IDisposable
{
    private const float Detection = 0.9f;
    private const float VehicleShare = 0.3f;
    private const int FramesBefore = 5;

    private static readonly VisionOptions Options = new();
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.2);

    private readonly PlateReader _reader = new(models.Reader, Options.Read, models.Syntax.Countries);
    private readonly SecondReader? _second = SecondReader.TryCreate(Options.Read, out _);

    // The records' pictures are not looked at.
    private sealed class NoPictures(Mat picture, SecondReader? second) : IFramePictures
    {
        public Overview Overview() => new(() => [], new Mat());

        public byte[] Patch(Quad quad) => [];

        public byte[] Still() => [];

        public Lazy<string>? ReadAgain(Quad quad, int lines) => second?.Read(picture, quad, lines);
    }

    /// <summary>The raw reads of all views so far.</summary>
    public ReadCalibration Reads { get; } = new(models.Reader.Number("temperature", 0.01f, 100));

    /// <summary>Draws one passage and reads it.</summary>
    public PassageTrial Run(int number)
    {
        using var drawn = new DrawnPassage(models.Syntax.Countries, seed, number);
        var stage = new PassageStage(Options.Passage, Options.Track, models.Syntax, _reader.Version, _second is null ? 0 : Options.Read.SecondReaderBelow, TimeProvider.System);
        var (time, changes) = (DateTimeOffset.UnixEpoch, new List<PassageChange>());
        void See(Mat picture, float share, params IReadOnlyList<PlateLook> looks)
        {
            changes.AddRange(stage.See(new("bench", Side.Front, time, new(TimeSource.StreamClock), looks, share, new NoPictures(picture, _second))));
            time += Step;
        }

        // The lane is known to be empty, then a vehicle comes whose plate cannot be seen yet.
        using var empty = new Mat();
        See(empty, 0);
        for (var i = 0; i < FramesBefore; i++)
        {
            See(empty, VehicleShare);
        }

        foreach (var (picture, quad) in drawn.Views())
        {
            using (picture)
            {
                var read = _reader.Read([(picture, quad)])[0];
                Reads.Add(read, drawn.Text);
                See(picture, VehicleShare, new PlateLook(new(quad, quad.Bounds(), Detection), read, Sharpness.Of(picture, quad)));
            }
        }

        changes.AddRange(stage.Flush());
        var told = changes.Select(c => c.Sighting).OfType<SightingRecord>().GroupBy(s => s.Id).Select(g => g.MaxBy(s => s.Revision)!);
        return new(drawn.Conditions, drawn.Text, [.. told]);
    }

    public void Dispose()
    {
        _second?.Dispose();
        _reader.Dispose();
    }
}
