using System.Text.Json;
using System.Text.Json.Nodes;
using Anpr.EndToEnd.Site;
using Anpr.Simulation.Demo;
using Anpr.Simulation.Processes;

namespace Anpr.EndToEnd.Tests;

/// <summary>One lane box with four live cameras, two over RTSP and two as MPEG-TS over UDP: all see the same real vehicle at the same time.</summary>
public sealed class FourCamerasTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-four-");

    [Fact]
    public async Task FourLiveCameras_OneVehicleIsOnePassageThatAllOfThemSaw()
    {
        Needs.Models();
        var cancellation = TestContext.Current.CancellationToken;
        var (clip, text) = Clips.In(Needs.Data("video"))[0];
        var port = PortPlan.All(new Dictionary<string, string> { ["calais"] = "set below" })[0];
        await using var site = await TestSite.StartAsync([port], cancellation, startLanes: false);
        List<Child> senders = [];
        try
        {
            var (file, stream) = (await EncodeAsync(site, clip, ".mp4"), await EncodeAsync(site, clip, ".ts"));
            string[] sources =
            [
                await ServeAsync(site, file, senders, cancellation), await ServeAsync(site, file, senders, cancellation),
                $"udp://127.0.0.1:{FreePorts.Udp()}", $"udp://127.0.0.1:{FreePorts.Udp()}",
            ];
            WriteCameras(site.Folder.Lane(port.Port), sources);
            await site.StartLaneAsync(port, cancellation);
            senders.AddRange([Send(site, stream, sources[2]), Send(site, stream, sources[3])]);

            await site.WaitAsync("a passage", () => site.Lanes[port.Port].Closed.Count > 0, cancellation);
            await site.WaitAsync("its delivery", () => site.Lanes[port.Port] is { Waiting: 0 } lane && lane.ClosedTotal >= lane.Closed.Count, cancellation);
            await site.StopAsync($"lane-{port.Port}");
            await site.StopAsync("hub");
        }
        finally
        {
            foreach (var sender in senders)
            {
                sender.Kill();
                await sender.DisposeAsync();
            }
        }

        var seen = await SightingsAsync(site, cancellation);
        output.WriteLine(string.Join(' ', seen));
        Assert.Single(StoredPassage.Read(site.Folder.Hub), passage => passage.Closed);
        Assert.Equal(Enumerable.Repeat(text, 4), seen);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void WriteCameras(string folder, string[] sources)
    {
        var path = Path.Combine(folder, "lane.json");
        var lane = JsonNode.Parse(File.ReadAllText(path))!;
        lane["Cameras"] = new JsonArray([.. sources.Select((source, i) => (JsonNode)new JsonObject { ["Name"] = $"camera-{i + 1}", ["Source"] = source, ["Side"] = "front" })]);
        File.WriteAllText(path, lane.ToJsonString());
    }

    private static async Task<IReadOnlyList<string>> SightingsAsync(TestSite site, CancellationToken cancellation)
    {
        var lines = await Tool.RunAsync("hub export", site.Folder.Logs, new Programs().Hub, cancellation, "export", "--data", site.Folder.Hub, "--what", "sightings", "--reason", "TEST:cameras", "--json");
        return
        [
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!),
        ];
    }

    // Nothing for 8 s, in which the lane opens four cameras; then the vehicle; then nothing for longer than the test runs.
    private async Task<string> EncodeAsync(TestSite site, string clip, string ending)
    {
        var path = Path.Combine(_folder.FullName, Path.GetFileNameWithoutExtension(clip) + ending);
        await using var encoder = Child.StartCommand(
            "encoder", site.Folder.Logs, "ffmpeg", "-v", "error", "-nostdin", "-i", clip, "-vf", "tpad=start_mode=add:start_duration=8:stop_mode=add:stop_duration=60:color=gray",
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "12", "-g", "12", "-bf", "0", "-pix_fmt", "yuv420p", path);
        Assert.Equal(0, await encoder.Ended);
        return path;
    }

    private static async Task<string> ServeAsync(TestSite site, string file, List<Child> senders, CancellationToken cancellation)
    {
        var server = Child.StartCommand("rtsp-server", site.Folder.Logs, "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Fixtures", "rtsp_server.py"), file);
        senders.Add(server);
        return await server.Lines.ReadAsync(cancellation);
    }

    private static Child Send(TestSite site, string stream, string address) =>
        Child.StartCommand("udp-sender", site.Folder.Logs, "ffmpeg", "-v", "error", "-nostdin", "-re", "-i", stream, "-c", "copy", "-f", "mpegts", address + "?pkt_size=1316");
}
