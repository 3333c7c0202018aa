using System.Diagnostics;
using Anpr.Models.Plates;
using Anpr.Simulation.Ports;
using Anpr.Simulation.Processes;
using Anpr.Simulation.Scene;
using Anpr.Simulation.Streams;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Tests.Ports;

public sealed class StreamTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("anpr-stream-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Record_OneVehicle_IsAPlayableFileAndItsTruth()
    {
        var file = Path.Combine(_folder, "one.mp4");
        var truth = new StringWriter();
        using (var encoder = new VideoEncoder(file, PortVideo.FramesPerSecond))
        {
            Video(truth).Record(encoder, TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        }

        Assert.Equal("h264,960,540,15", Probe(file));
        Assert.Contains("\"event\":\"appears\"", truth.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_OverUdp_ArrivesAsMpegTs()
    {
        var port = FreePorts.Udp();
        var address = $"udp://127.0.0.1:{port}";
        var listener = Task.Run(() => Probe($"{address}?timeout=20000000", "-read_intervals", "%+3"));
        using var ended = new CancellationTokenSource();
        var stream = Task.Run(async () =>
        {
            using var encoder = new VideoEncoder(address, PortVideo.FramesPerSecond);
            await Video(TextWriter.Null).StreamAsync(encoder, TimeSpan.MaxValue, ended.Token);
        });
        Assert.StartsWith("h264,960,540", await listener, StringComparison.Ordinal);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream);
    }

    [Fact]
    public void Write_FolderThatIsNotThere_NamesTheFile()
    {
        var file = Path.Combine(_folder, "no", "one.mp4");
        using var encoder = new VideoEncoder(file, PortVideo.FramesPerSecond);
        var error = Assert.Throws<InputException>(() => Video(TextWriter.Null).Record(encoder, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    private static PortVideo Video(TextWriter truth)
    {
        var plan = new TrafficPlan(new RegistrationMaker(CountryTable.LoadShipped()), 1);
        return new PortVideo(new LaneTraffic(plan, "calais"), new LaneScene(Weather.Of("calais"), 1), new TruthLog(truth, "calais", TimeProvider.System), TimeProvider.System);
    }

    private static string Probe(string source, params string[] more)
    {
        var start = new ProcessStartInfo("ffprobe") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-v", "error", "-select_streams", "v", "-count_frames", .. more, "-show_entries", "stream=codec_name,width,height,nb_read_frames", "-of", "csv=p=0", source])
        {
            start.ArgumentList.Add(argument);
        }

        using var probe = Process.Start(start)!;
        var said = probe.StandardOutput.ReadToEnd();
        probe.WaitForExit();
        return said.Trim().Split('\n')[0].TrimEnd(',');
    }
}
