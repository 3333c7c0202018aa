using Anpr.Edge.Capture;
using Anpr.Edge.Ops.Aim;
using Anpr.Edge.Passage;
using Anpr.Models;

namespace Anpr.Edge.Ops;

/// <summary>Opens each camera, looks at its pictures, and says how plates look in them; keeps a still with what was found.</summary>
/// <param name="stills">Folder for one picture a camera; made when it is missing.</param>
/// <param name="kmh">Speed of vehicles in the lane, for the advice on shutters.</param>
/// <param name="time">The clock.</param>
internal sealed class CameraCheck(string stills, int kmh, TimeProvider time)
{
    private const int Frames = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // A recording is to be looked at to its end, but not for hours.
    private static readonly TimeSpan PatienceWithRecordings = TimeSpan.FromMinutes(3);

    /// <summary>The findings of each camera, or one for the models when they cannot be loaded.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(IReadOnlyList<CameraOptions> cameras, VisionSection section, CancellationToken cancel)
    {
        try
        {
            using var models = VisionModels.Load(threads: section.Threads);
            using var vision = new Vision(section.ToOptions(cameras), models, time);
            List<Finding> findings = [new(Verdict.OK, "models", vision.ModelVersion)];
            if (vision.Warning.Length > 0)
            {
                findings.Add(new Finding(Verdict.Warning, "reader", vision.Warning));
            }

            foreach (var camera in cameras)
            {
                findings.AddRange(await LookAsync(camera, section, vision, cancel));
            }

            return findings;
        }
        catch (ModelException e)
        {
            return [new Finding(Verdict.Error, "models", e.Message)];
        }
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(CameraOptions camera, VisionSection section, Vision vision, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var live = FrameSource.IsLive(camera.Source);
        patience.CancelAfter(live ? Patience : PatienceWithRecordings);
        var areas = section.ToOptions([camera]).Areas.GetValueOrDefault(camera.Name);
        using var seen = new CameraSight();
        var trouble = new List<Finding>();
        var end = TimeSpan.Zero;
        try
        {
            // Until enough pictures show a plate, or patience is at its end: a camera's pictures as they come, a recording's as fast as can be.
            var open = CameraFeed.Options(camera, section, time) with { Reconnect = false, RealTime = live };
            await using var source = FrameSource.Open(camera.Source, open);
            await foreach (var frame in source.ReadAsync(patience.Token))
            {
                using (frame)
                {
                    var (looks, picture) = (vision.LookAt(frame.Picture), frame.Picture);
                    seen.Add(picture.Bgr, [.. looks.Where(look => areas?.Holds(look.Plate, picture.Width, picture.Height) != false)]);
                    end = frame.Offset;
                    if (seen.WithPlate == Frames)
                    {
                        break;
                    }
                }
            }
        }
        catch (SourceException e)
        {
            if (seen.Count == 0)
            {
                return [new Finding(Verdict.Error, camera.Name, e.Message)];
            }

            trouble.Add(new Finding(Verdict.Error, camera.Name, e.Message));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Judged below by what came.
            if (!live)
            {
                trouble.Add(new Finding(Verdict.Warning, camera.Name, FormattableString.Invariant($"only its first {end.TotalSeconds:0} s were looked at. Cut out the part with a vehicle: ffmpeg -ss START -i FILE -c copy PART")));
            }
        }

        var clock = seen.Count > 0 ? await ClockAsync(camera.Source, cancel) : null;
        return [.. trouble, Judge(camera.Name, seen.Count, seen.Size, seen.WithPlate, seen.WithBox), .. Clock(camera.Name, clock), .. AimReport.Of(camera.Name, seen.WithPlate, seen.Plates, kmh), .. Still(camera.Name, seen)];
    }

    /// <summary>The finding for what came in the time.</summary>
    internal static Finding Judge(string camera, int frames, string size, int withPlate, int withBox) =>
        frames == 0 ? new(Verdict.Error, camera, $"no picture within {Patience.TotalSeconds:0} s. Check its power, cable and address.")
            : withPlate == 0 && withBox > 0 ? new(Verdict.Warning, camera, $"{size}, {frames} pictures, something like a plate in {withBox} of them but none could be read. See the still: plates are too small, too dark, washed out, blurred or covered.")
            : new(Verdict.OK, camera, $"{size}, {frames} pictures, {(withPlate == 0 ? "no plate in them" : $"plates in {withPlate} of them")}");

    // On a thread of its own, as the child that is started needs it.
    private async Task<TimeSpan?> ClockAsync(string source, CancellationToken cancel) =>
        FrameSource.IsLive(source) && LiveAddress.Parse(source) is { TellsTime: true } address
            ? await Task.Factory.StartNew(() => CameraClock.Measure(address, time, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : null;

    /// <summary>The finding on the camera's clock; none when it does not tell its time.</summary>
    internal static IEnumerable<Finding> Clock(string camera, TimeSpan? streamMinusBox)
    {
        if (streamMinusBox is { } difference)
        {
            var words = CameraClockWords.Fault(difference);
            yield return words.Length > 0 ? new(Verdict.Warning, camera, words) : new(Verdict.OK, camera, CameraClockWords.Difference(difference));
        }
    }

    private IEnumerable<Finding> Still(string camera, CameraSight seen)
    {
        if (seen.HasStill)
        {
            var path = Path.Combine(stills, camera + ".jpg");
            yield return HasFolder() && seen.TryWriteStill(path)
                ? new(Verdict.OK, camera, $"still {path}")
                : new(Verdict.Error, camera, $"no still could be written to {path}. Check the folder and its disk, or name another with --stills.");
        }
    }

    private bool HasFolder()
    {
        try
        {
            return Directory.CreateDirectory(stills).Exists;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
