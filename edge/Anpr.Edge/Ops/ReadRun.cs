using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;

namespace Anpr.Edge.Ops;

/// <summary>Reads one source after the other. What cannot be read is told and passed over; the rest is delivered.</summary>
internal sealed class ReadRun(ReadRequest request, VisionModels models, ReadOutput output, TimeProvider time)
{
    // To measure the detector's whole curve nothing but the score may keep a box back.
    private const int AllPlates = 300;

    private bool _warned;

    /// <summary>The exit code: 0, 2 when something was refused, 130 when interrupted.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        try
        {
            foreach (var source in request.Sources)
            {
                await ReadAsync(source, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return CommandLine.Interrupted;
        }
        finally
        {
            output.ClearProgress();
            _vision?.Dispose();
        }

        return output.Refused ? CommandLine.BadInput : 0;
    }

    private async Task ReadAsync(string source, CancellationToken cancel)
    {
        try
        {
            if (request.Passages)
            {
                await PassagesAsync(source, cancel);
            }
            else if (Directory.Exists(source))
            {
                foreach (var picture in FrameSource.FolderPictures(source))
                {
                    await ReadAsync(picture, cancel);
                }
            }
            else
            {
                await PlatesAsync(source, cancel);
            }
        }
        catch (SourceException e)
        {
            output.Refuse(e.Message);
        }
    }

    private Vision? _vision;

    // One set of stages for all pictures, which have nothing to do with each other.
    private Vision Shared => _vision ??= NewVision();

    private Vision NewVision()
    {
        var detect = new DetectOptions { MinWidthPx = 8, Threads = 1 };
        if (request.MinDetection is { } minimum)
        {
            detect = detect with { MinScore = (float)minimum, MinWidthPx = 1, MaxPlates = AllPlates };
        }

        var vision = new Vision(new VisionOptions { Detect = request.Passages ? new() : detect }, models, time);
        if (vision.Warning.Length > 0 && request.Passages && !_warned)
        {
            _warned = true;
            output.Warn(vision.Warning);
        }

        return vision;
    }

    private async Task PlatesAsync(string source, CancellationToken cancel)
    {
        var end = new EndOf();
        await using var frames = FrameSource.Open(source, new CaptureOptions { Camera = source, FramesPerSecond = request.FramesPerSecond, Time = time, OnState = end.Note });
        var still = !FrameSource.IsLive(source) && !FrameSource.IsVideo(source);
        var count = 0L;
        await foreach (var frame in frames.ReadAsync(cancel))
        {
            using (frame)
            {
                WritePlates(source, frame, frames.TimeKnown, still);
                output.Progress(source, ++count);
            }
        }

        end.Tell(output);
    }

    private void WritePlates(string source, Frame frame, bool timeKnown, bool still)
    {
        DateTimeOffset? at = timeKnown ? frame.Time : null;
        if (request.Crops)
        {
            var whole = new Box(0, 0, frame.Picture.Width, frame.Picture.Height);
            var read = Shared.ReadCrop(frame.Picture.Bgr);
            output.Write(PlateLine.Of(source, frame.Index, at, frame.Offset, new(Quad.Of(whole), whole, 1), read, Shared.Correct(read)));
            return;
        }

        var plates = Shared.LookAt(frame.Picture);
        foreach (var plate in plates)
        {
            output.Write(PlateLine.Of(source, frame.Index, at, frame.Offset, plate.Plate, plate.Read, Shared.Correct(plate.Read)));
        }

        if (plates.Count == 0 && still)
        {
            output.Write(PlateLine.Nothing(source));
        }
    }

    private async Task PassagesAsync(string source, CancellationToken cancel)
    {
        var end = new EndOf();
        var options = new CaptureOptions { Camera = source, FramesPerSecond = request.FramesPerSecond, Time = time, OnState = end.Note };
        if (Directory.Exists(source) && request.FramesPerSecond is { } rate)
        {
            options = options with { FolderFramesPerSecond = rate, FramesPerSecond = null };
        }

        await using var frames = FrameSource.Open(source, options);
        using var vision = NewVision();
        var printer = new PassagePrinter(source, frames, output);
        var count = 0L;
        try
        {
            await foreach (var frame in frames.ReadAsync(cancel))
            {
                using (frame)
                {
                    printer.Begin(frame);
                    printer.Print(vision.Process(frame));
                    output.Progress(source, ++count);
                }
            }
        }
        finally
        {
            // Interrupted or damaged: the vehicles that were there are told all the same.
            printer.Print(vision.Flush());
        }

        end.Tell(output);
    }

    /// <summary>Why a live source ended by itself. Whether it was meant to, nobody here can know: a word, and no refusal.</summary>
    private sealed class EndOf
    {
        private volatile string _reason = "";

        public void Note(CaptureState state) => _reason = state.Status == CaptureStatus.Ended ? state.Reason : "";

        public void Tell(ReadOutput output)
        {
            if (_reason.Length > 0)
            {
                output.Warn(_reason);
            }
        }
    }

    /// <summary>Remembers each open passage's sighting until it closes, then prints it.</summary>
    private sealed class PassagePrinter(string source, IFrameSource frames, ReadOutput output)
    {
        private readonly Dictionary<Guid, SightingRecord> _sightings = [];
        private DateTimeOffset? _start;

        public void Begin(Frame frame) => _start ??= frame.Time - frame.Offset;

        public void Print(IReadOnlyList<PassageChange> changes)
        {
            foreach (var (passage, sighting) in changes)
            {
                if (sighting is not null)
                {
                    _sightings[passage.Id] = sighting;
                }

                if (passage.Stage == RecordStage.Closed)
                {
                    _sightings.Remove(passage.Id, out var last);
                    output.Write(PassageLine.Of(source, frames.TimeKnown, _start ?? passage.OpenedAt, passage, last));
                }
            }
        }
    }
}
