using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Tests.Web;

/// <summary>A hub with an ordinary morning at three ports in it: made-up vehicles, sent by enrolled lanes.</summary>
internal static class SeededHub
{
    private static readonly (string Text, string Country)[] Traffic =
    [
        ("BX19KTR", "GB"), ("AB123CD", "FR"), ("WGM4821K", "PL"), ("1ABC234", "BE"), ("KA70RVN", "GB"), ("HHAB1234", "DE"), ("FZ482LP", "FR"), ("B27CMR", "RO"),
    ];

    public static async Task<RunningHub> StartAsync(DrawnPictures pictures)
    {
        var hub = await RunningHub.StartAsync();
        var book = hub.Get<WatchlistBook>();
        var expires = TimeProvider.System.GetUtcNow().AddDays(30);
        await book.AddAsync(new NewEntry("KA70RVN", ListedKind.Exact, 1, "Refused at Dunkerque, tractor of OP 114", "OP:2026-114", "supervisor", expires));
        await book.AddAsync(new NewEntry("B27CMR", ListedKind.Fuzzy, 2, "Trailer seen with cut seal", "OP:2026-131", "supervisor", expires));

        var lanes = new List<LaneClient>();
        foreach (var (port, name, shift) in new[] { ("dunkerque", "dunkerque-1", -40), ("coquelles", "coquelles-1", -10), ("coquelles", "coquelles-2", -10), ("calais", "calais-1", 0), ("calais", "calais-2", 0) })
        {
            var channel = hub.Channel(await hub.EnrolAsync(port, name));
            var lane = new LaneClient(channel, TimeProvider.System) { Shift = shift == 0 ? null : TimeSpan.FromMinutes(shift) };
            lanes.Add(lane);
            await lane.HeartbeatAsync(name == "coquelles-2"
                ? [("front", "frozen", "the picture has not changed for 7 s: restart the camera or check its stream"), ("co2-1", "ready", "")]
                : [("front", "ready", "1920x1080, 25 frames a second"), ("co2-1", "ready", "outside 431 ppm"), ("geophone-1", "ready", "")]);
        }

        for (var i = 0; i < 14; i++)
        {
            var (text, country) = Traffic[i % 7];
            var lane = lanes[i % 5];
            (int, float, char)[] doubt = i % 4 == 2 ? [(3, 0.71f, 'B'), (5, 0.84f, '0')] : [];
            await VehicleAsync(lane, pictures, text, country, i, i == 9
                ? [("co2", 0.9, 2.1, "CO2 +412 ppm over ambient", ""), ("heartbeat", 0.8, 1.9, "Heartbeat pattern at 1.2 Hz in 3 of 4 windows", "")]
                : [("co2", 0.9, 0.2 - (i % 3), "CO2 as outside", ""), ("heartbeat", 0.8, 0, "No heartbeat window", "wind 11 m/s")], doubt);
        }

        await VehicleAsync(lanes[3], pictures, "CJ41WTZ", "RO", 40, [("co2", 0.9, 0.4, "CO2 +60 ppm over ambient", "")], (4, 0.66f, 'V'));
        await VehicleAsync(lanes[3], pictures, "1QRT552", "BE", 41, []);
        await VehicleAsync(lanes[3], pictures, "827CMR", "RO", 42, [], (0, 0.6f, 'B'));
        await UnreadAsync(lanes[4], pictures);
        return hub;
    }

    public static async Task<Sighting> VehicleAsync(
        LaneClient lane, DrawnPictures pictures, string text, string country, int seed, (string, double, double, string, string)[] evidence, params (int, float, char)[] doubt)
    {
        var (patch, overview, quad) = await pictures.DrawAsync(text, country, seed);
        var sighting = lane.Sighting(text, Guid.CreateVersion7().ToString(), patch, overview, country, null, doubt);
        sighting.Quad.AddRange(quad);
        Assert.Equal(IngestAnswer.Types.Outcome.Stored, (await lane.SendAsync(sighting)).Outcome);
        await lane.SendAsync(lane.Passage(sighting.PassageId, [sighting.Id], null, evidence));
        await lane.SendOverviewAsync(sighting, overview);
        return sighting;
    }

    private static async Task UnreadAsync(LaneClient lane, DrawnPictures pictures)
    {
        var (_, overview, _) = await pictures.DrawAsync("", "", 77);
        var passage = lane.Passage(Guid.CreateVersion7().ToString(), []);
        passage.PictureJpeg = Google.Protobuf.ByteString.CopyFrom(overview);
        await lane.SendAsync(passage);
    }
}
