using System.Globalization;
using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using Anpr.Models;

namespace Anpr.Edge.Ops;

/// <summary>Opens each camera and looks at its first pictures.</summary>
internal static class CameraCheck
{
    private const int Frames = 25;

    /// <summary>Below this width the strokes of a plate's characters have less than two pixels.</summary>
    private const float LeastPlateWidthPx = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>One finding for each camera, or one for the models when they cannot be loaded.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(LaneOptions options, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            using var models = VisionModels.Load(threads: options.Vision.Threads);
            using var vision = new Vision(options.Vision.ToOptions(options.Cameras), models, time);
            List<Finding> findings = [new(Verdict.OK, "models", vision.ModelVersion)];
            if (vision.Warning.Length > 0)
            {
                findings.Add(new Finding(Verdict.Warning, "reader", vision.Warning));
            }

            foreach (var camera in options.Cameras)
            {
                findings.Add(await LookAsync(camera, options, vision, time, cancel));
            }

            return findings;
        }
        catch (ModelException e)
        {
            return [new Finding(Verdict.Error, "models", e.Message)];
        }
    }

    private static async Task<Finding> LookAsync(CameraOptions camera, LaneOptions options, Vision vision, TimeProvider time, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var (frames, size, width) = (0, "", 0f);
        try
        {
            await using var source = FrameSource.Open(camera.Source, CameraFeed.Options(camera, options.Vision, time) with { Reconnect = false });
            await foreach (var frame in source.ReadAsync(patience.Token))
            {
                using (frame)
                {
                    size = $"{frame.Image.Width}x{frame.Image.Height}";
                    width = vision.LookAt(frame.Image).Select(p => p.Plate.Box.X2 - p.Plate.Box.X1).Append(width).Max();
                    if (++frames == Frames)
                    {
                        break;
                    }
                }
            }
        }
        catch (SourceException e)
        {
            return new Finding(Verdict.Error, camera.Name, e.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Judged below by what came.
        }

        return Judge(camera.Name, frames, size, width);
    }

    /// <summary>The finding for what came in the time.</summary>
    internal static Finding Judge(string camera, int frames, string size, float plateWidthPx)
    {
        var plate = string.Create(CultureInfo.InvariantCulture, $"widest plate {plateWidthPx:0} px");
        return frames == 0 ? new Finding(Verdict.Error, camera, $"no picture within {Patience.TotalSeconds:0} s. Check its power, cable and address.")
            : plateWidthPx == 0 ? new Finding(Verdict.OK, camera, $"{size}, {frames} pictures, no plate in them")
            : plateWidthPx < LeastPlateWidthPx ? new Finding(Verdict.Warning, camera, $"{size}, {plate}. Zoom in until plates are at least {LeastPlateWidthPx:0} px wide at the stop line.")
            : new Finding(Verdict.OK, camera, $"{size}, {plate}");
    }
}
