using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using OpenCvSharp;
using FrameSource = Anpr.Edge.Capture.FrameSource;

namespace Anpr.Benchmarks.Fuzz;

/// <summary>What became of an input.</summary>
internal enum FuzzOutcome
{
    /// <summary>Read to its end.</summary>
    Read,

    /// <summary>Refused, perhaps after some frames, in one line (a folder: one a picture).</summary>
    Refused,

    /// <summary>Anything else: a fault of ours.</summary>
    Fault,
}

/// <summary>Reads an input as <c>anpr read</c> does, in this process.</summary>
internal sealed class FuzzReader : IDisposable
{
    // Every so many inputs all stages look at a frame too: it costs more than all the rest.
    private const int LookEvery = 15;

    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(6);

    private readonly VisionModels _models = VisionModels.Load();
    private readonly Vision _vision;
    private readonly SemaphoreSlim _one = new(1);
    private int _looked;

    public FuzzReader() => _vision = new(new(), _models, TimeProvider.System);

    /// <summary>Reads it to its end.</summary>
    public async Task<(FuzzOutcome Outcome, string Words)> ReadAsync(FuzzInput input, string address)
    {
        var frames = 0;
        try
        {
            await using var source = FrameSource.Open(address, new CaptureOptions { LostAfter = LostAfter });
            await foreach (var frame in source.ReadAsync(CancellationToken.None))
            {
                using (frame)
                {
                    await SeeAsync(frame, look: frames++ == 0 && input.Index % LookEvery == 0);
                }
            }

            return frames > 0 ? (FuzzOutcome.Read, "") : (FuzzOutcome.Fault, "neither a frame nor a refusal");
        }
        catch (SourceException e)
        {
            var lines = e.Message.Split('\n');
            var clear = lines.Length <= input.Files.Count && Array.TrueForAll(lines, line => line.StartsWith(address, StringComparison.Ordinal) && !line.Any(char.IsControl));
            return clear ? (FuzzOutcome.Refused, e.Message) : (FuzzOutcome.Fault, "the refusal is not one line that begins with the address: " + e.Message);
        }
        catch (Exception e)
        {
            return (FuzzOutcome.Fault, e.ToString());
        }
    }

    public void Dispose()
    {
        _vision.Dispose();
        _models.Dispose();
        _one.Dispose();
    }

    private async Task SeeAsync(Frame frame, bool look)
    {
        var pixels = frame.Picture.Bgr;
        if (pixels.Type() != MatType.CV_8UC3 || pixels.Empty())
        {
            throw new InvalidOperationException($"a frame of {pixels.Width} x {pixels.Height} pixels of {pixels.Type()}");
        }

        Cv2.Mean(pixels); // touches every pixel
        if (look)
        {
            // One thread at a time, as the stages want it.
            await _one.WaitAsync();
            try
            {
                _vision.Process(frame with { Camera = "fuzz", Time = DateTimeOffset.UnixEpoch.AddSeconds(_looked++) });
            }
            finally
            {
                _one.Release();
            }
        }
    }
}
