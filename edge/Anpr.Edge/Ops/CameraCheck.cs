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
        patience.CancelAfter(Patience);
        using var seen = new CameraSight();
        var trouble = new List<Finding>();
        try
        {
            // Until enough pictures show a plate. A recording is looked at to its end, as fast as it can be; a camera for as long as one has patience.
            var open = CameraFeed.Options(camera, section, time) with { Reconnect = false, RealTime = FrameSource.IsLive(camera.Source) };
            await using var source = FrameSource.Open(camera.Source, open);
            await foreach (var frame in source.ReadAsync(patience.Token))
            {
                using (frame)
                {
                    seen.Add(frame.Picture.Bgr, vision.LookAt(frame.Picture));
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
        }

        var clock = seen.Count > 0 ? await ClockAsync(camera.Source, cancel) : null;
        return [.. trouble, Judge(camera.Name, seen.Count, seen.Size, seen.WithPlate), .. Clock(camera.Name, clock), .. AimReport.Of(camera.Name, seen.WithPlate, seen.Plates, kmh), .. Still(camera.Name, seen)];
    }

    /// <summary>The finding for what came in the time.</summary>
    internal static Finding Judge(string camera, int frames, string size, int withPlate) =>
        frames == 0 ? new(Verdict.Error, camera, $"no picture within {Patience.TotalSeconds:0} s. Check its power, cable and address.")
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
            Directory.CreateDirectory(stills);
            var path = Path.Combine(stills, camera + ".jpg");
            yield return seen.TryWriteStill(path)
                ? new(Verdict.OK, camera, $"still {path}")
                : new(Verdict.Error, camera, $"no still could be written to {path}. Check the folder and its disk.");
        }
    }
}
