using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Read;
using Anpr.Edge.Track;
using Anpr.Models.Plates;
using OpenCvSharp;

namespace Anpr.Edge.Passage;

/// <summary>
/// All stages of one lane that look at pictures: Detect, Read, Track, Passage. Feed it the frames of the lane's cameras in order of time;
/// it hands back what changed. Every change carries a new revision of its passage and, where the plate's record changed too, of that
/// sighting, so each (id, revision) is handed out once. Runs on the caller's thread, starts none; one thread at a time.
/// </summary>
public sealed class Vision : IDisposable
{
    private readonly VisionOptions _options;
    private readonly PlateDetector _detector;
    private readonly PlateReader _reader;
    private readonly SecondReader? _second;
    private readonly PassageStage _stage;
    private readonly VisionCounter _counter;
    private readonly PlateSyntax _syntax;
    private readonly Dictionary<string, Eye> _cameras = new(StringComparer.Ordinal);
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    /// <summary>Makes the stages of one lane; the models stay the caller's. Throws <see cref="Anpr.Models.ModelException"/> when they do not fit.</summary>
    public Vision(VisionOptions options, VisionModels models, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(models);
        _options = options;
        _syntax = models.Syntax;
        _detector = new(models.Detector, options.Detect);
        _reader = new(models.Reader, options.Read, _syntax.Countries);
        _second = SecondReader.TryCreate(options.Read, out var problem);
        Warning = problem;
        ModelVersion = _detector.Version + " " + _reader.Version;
        var below = _second is null ? 0 : options.Read.SecondReaderBelow;
        _stage = new(options.Passage, options.Track, _syntax, ModelVersion, below, time);
        _counter = new(options.Track.MinTextLength);
    }

    /// <summary>One line when the second reader is missing; empty otherwise.</summary>
    public string Warning { get; }

    /// <summary>"detector/VERSION reader/VERSION".</summary>
    public string ModelVersion { get; }

    /// <summary>How many of what came how far since the start.</summary>
    public VisionCounts Counts => _counter.Counts;

    /// <summary>Number of vehicles that are there now.</summary>
    public int OpenPassages => _stage.Open;

    /// <summary>True while no vehicle is there and the last picture of every camera showed what the one before did.</summary>
    public bool IsQuiet
    {
        get
        {
            // A loop, as in HasRegistration: this is asked for every frame.
            foreach (var eye in _cameras.Values)
            {
                if (!eye.Looks.StayedStill)
                {
                    return false;
                }
            }

            return _stage.Open == 0;
        }
    }

    /// <summary>
    /// Does once with a drawn picture what frames and plates need, and counts nothing: otherwise the first vehicle after a start waits
    /// until the code is compiled and the models have taken their memory.
    /// </summary>
    public void WarmUp()
    {
        using var planes = new Mat(810, 960, MatType.CV_8UC1, Scalar.All(114));

        // Tesseract does nothing on an empty plate but complain of it.
        Cv2.PutText(planes, "AB 123", new Point(425, 274), HersheyFonts.HersheySimplex, 0.9, Scalar.Black, 2);
        using var picture = Picture.OfPlanes(planes, static _ => { });
        using var motion = new MotionDetector([]);
        var quad = Quad.Of(new(420, 250, 540, 280));
        using var pictures = new JpegPictures(picture, _second);
        motion.Take(picture);
        motion.See(default, occupied: false, plateInView: false);
        motion.See(default, occupied: false, plateInView: false);
        LookAt(picture);
        if (_detector.ViewOf(picture).PartSize is { } part)
        {
            _detector.Find(picture, new Rect(default, part));
        }

        _reader.Read([(picture.Bgr, quad)]);
        Sharpness.Of(picture.Bgr, quad);
        using var overview = pictures.Overview();
        overview.Jpeg();
        pictures.Patch(quad);
        _ = pictures.ReadAgain(quad, 1)?.Value;
    }

    /// <summary>Looks at the next frame, which stays the caller's. Records keep nothing of its pixels but JPEGs of their own.</summary>
    public IReadOnlyList<PassageChange> Process(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var before = _latest - frame.Time > StreamClock.Jump ? _counter.Add(_stage.Restart()) : [];
        _latest = frame.Time;
        using var pictures = new JpegPictures(frame.Picture, _second);
        var look = Look(frame, pictures);
        _counter.Add(look);
        var changes = _counter.Add(_stage.See(look));
        foreach (var camera in _stage.TakeRelearn())
        {
            _cameras[camera].Motion.Forget();
        }

        return before.Count == 0 ? changes : [.. before, .. changes];
    }

    /// <summary>Plates of one picture with their reads, best detection first, without following anything: for single pictures.</summary>
    public IReadOnlyList<PlateLook> LookAt(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var plates = _detector.Find(picture);
        return plates.Count == 0 ? [] : Read(picture, plates);
    }

    private IReadOnlyList<PlateLook> LookAt(Frame frame, Eye eye)
    {
        // Where the picture shows what it showed, its looks may soon stand for those of many frames: they have to be of all of it.
        var (picture, areas) = (frame.Picture, _options.Areas.GetValueOrDefault(frame.Camera));
        var part = eye.Looks.IsStill ? null : eye.Parts.Part(picture, _detector.ViewOf(picture), frame.Time);
        var plates = part is { } there ? _detector.Find(picture, there) : [];
        var whole = part is null || !eye.Parts.HoldsAll(plates);
        if (whole)
        {
            plates = _detector.Find(picture);
        }
        else
        {
            _counter.AddLookedPart();
        }

        if (plates.Count > 0 && areas is not null)
        {
            var inside = plates.Where(plate => areas.Holds(plate, picture.Width, picture.Height)).ToList();
            _counter.AddOutside(plates.Count - inside.Count);
            plates = inside;
        }

        IReadOnlyList<PlateLook> looks = plates.Count == 0 ? [] : Read(frame, plates, eye.Reads);
        eye.Parts.Remember([.. looks.Where(look => !look.Repeated && IsRegistration(look)).Select(look => look.Plate.Box)], whole, frame.Time);
        return looks;
    }

    private PlateLook[] Read(Frame frame, IReadOnlyList<Plate> plates, ReadGate gate)
    {
        PlateLook?[] looks = [.. plates.Select(plate => gate.Recall(frame.Picture, plate, frame.Time))];
        int[] fresh = [.. Enumerable.Range(0, looks.Length).Where(i => looks[i] is null)];
        foreach (var (i, look) in fresh.Zip(Read(frame.Picture, [.. fresh.Select(i => plates[i])])))
        {
            gate.Remember(frame.Picture, look, frame.Time);
            looks[i] = look;
        }

        return looks!;
    }

    /// <summary>The reads of plates of one picture whose corners are known, in their order.</summary>
    public IReadOnlyList<PlateLook> Read(Picture picture, IReadOnlyList<Plate> plates)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(plates);
        var cuts = plates.Select(plate => PlateCut.Of(picture, plate.Quad)).ToList();
        try
        {
            var reads = _reader.Read([.. cuts.Select(cut => (cut.Image, cut.Quad))]);
            return [.. plates.Select((plate, i) => new PlateLook(plate, reads[i], Sharpness.Of(cuts[i].Image, cuts[i].Quad)))];
        }
        finally
        {
            cuts.ForEach(static cut => cut.Dispose());
        }
    }

    /// <summary>The text of a picture that is one plate already.</summary>
    public PlateRead ReadCrop(Mat plate) => _reader.ReadCrop(plate);

    /// <summary>What a raw read says under the formats of countries.</summary>
    public SyntaxRead Correct(PlateRead read) => SyntaxRead.Of(read, _syntax);

    /// <summary>The lane's loop changed.</summary>
    public IReadOnlyList<PassageChange> Loop(DateTimeOffset at, bool occupied) => _counter.Add(_stage.Loop(at, occupied));

    /// <summary>Closes passages when no frames come any more; call it about once a second with the time of the frames' clock.</summary>
    public IReadOnlyList<PassageChange> Tick(DateTimeOffset now) => _counter.Add(_stage.Tick(now));

    /// <summary>Closes every open passage as it was last known: the lane stops, or the recording has ended.</summary>
    public IReadOnlyList<PassageChange> Flush() => _counter.Add(_stage.Flush());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var eye in _cameras.Values)
        {
            eye.Dispose();
        }

        _second?.Dispose();
        _reader.Dispose();
        _detector.Dispose();
    }

    // What reads like nobody's registration (a barrier's stripes, a sign) must not keep the lane from being known as empty.
    // A loop, as in PlateTracker: LINQ's objects would be most of what a frame of an empty lane allocates.
    private bool HasRegistration(IReadOnlyList<PlateLook> looks)
    {
        for (var i = 0; i < looks.Count; i++)
        {
            if (IsRegistration(looks[i]))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsRegistration(PlateLook look) => look.Read.Confidence > 0.3f && _syntax.Countries.IsRegular(look.Read.Text);

    private FrameLook Look(Frame frame, JpegPictures pictures)
    {
        if (!_cameras.TryGetValue(frame.Camera, out var eye))
        {
            var excluded = _options.Areas.GetValueOrDefault(frame.Camera)?.Excluded ?? [];
            eye = _cameras[frame.Camera] = new(new(excluded), new(), new(_options.Track.MaxStepWidths), new());
        }

        var (motion, gate) = (eye.Motion, eye.Looks);
        motion.Take(frame.Picture);
        var plates = gate.Recall(motion.Small, frame.Time);
        if (plates is null)
        {
            plates = LookAt(frame, eye);
            gate.Remember(motion.Small, frame.Time, plates);
            _counter.AddLooked();
        }

        var share = motion.See(frame.Time, _stage.IsOccupied(frame.Camera), HasRegistration(plates));
        var side = _options.Sides.GetValueOrDefault(frame.Camera, Side.Unknown);
        return new(frame.Camera, side, frame.Time, frame.TimeQuality, plates, share, pictures);
    }

    /// <summary>What is remembered of the pixels of one camera.</summary>
    private sealed record Eye(MotionDetector Motion, LookGate Looks, PartGate Parts, ReadGate Reads) : IDisposable
    {
        public void Dispose()
        {
            Motion.Dispose();
            Looks.Dispose();
            Reads.Dispose();
        }
    }
}
