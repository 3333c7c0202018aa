using Anpr.Edge.Ops;

namespace Anpr.Edge.Tests.Ops;

public sealed class LaneOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("anpr-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_OfAFullFile_TakesWhatItSays()
    {
        var options = Load("""
            {
              // what the demo writes, and more
              "Station": "shed",
              "Cameras": [ { "Name": "front", "Source": "udp://127.0.0.1:15001", "Side": "front", "Simulated": true, "ClockShift": "-00:10:00" }, ],
              "Hub": { "Addresses": [ "https://127.0.0.1:8443" ], "Window": 8 },
              "Mqtt": { "Listen": "127.0.0.1", "Port": 1884 },
              "Outbox": { "MaxMegabytes": 64 },
              "Vision": { "GoneAfter": "00:00:03", "FramesPerSecond": 5.5 }
            }
            """);
        Assert.Equal(("shed", 8, 1884, 64), (options.Station, options.Hub.Window, options.Mqtt.Port, options.Outbox.MaxMegabytes));
        Assert.Equal((TimeSpan.FromMinutes(-10), 5.5, TimeSpan.FromSeconds(3)), (options.ClockShift, options.Vision.FramesPerSecond, options.Vision.GoneAfter));
    }

    [Fact]
    public void Load_OfManyFaults_TellsAllAtOnce()
    {
        var error = Assert.Throws<UserError>(() => Load("""
            { "Cameras": [ { "Name": "a b", "Source": "", "Colour": "red" } ], "Station": "kitchen",
              "Mqtt": { "Port": 70000, "Listen": "0.0.0.0" }, "Outbox": { "MaxMegabytes": "big" }, "Hub": { "Addresses": [ "http://x" ] }, "Speed": 3 }
            """));
        var lines = error.Message.Split(Environment.NewLine);
        Assert.Equal(9, lines.Length);
        Assert.All(lines, line => Assert.StartsWith(Path.Combine(_folder, "lane.json") + ": ", line, StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith("Mqtt.Port is '70000': allowed is 1 to 65535.", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith("Station is 'kitchen': allowed is approach, control, shed.", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith("Cameras[0].Colour is no key here: allowed are Name, Source, Side, Regions, Excluded, Private, Simulated, ClockShift.", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith("Outbox.MaxMegabytes is big: allowed is a whole number.", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith("Hub.Addresses is '[ \"http://x\" ]': allowed is a list of https://HOST:PORT.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "Cameras": [] }""", "Cameras is '[]': allowed is a list of 1 to 8")]
    [InlineData("{}", "Cameras is missing: allowed is a list of 1 to 8")]
    [InlineData("[1]", "the file is [1]: allowed is an object")]
    [InlineData("""{ "Cameras": [ { "Source": "x.avi" } ] }""", "Cameras[0].Name is missing")]
    [InlineData("""{ "Cameras": [ 3 ] }""", "Cameras[0] is 3: allowed is an object")]
    [InlineData("""{ "Cameras": [ { "Name": "a", "Source": "x", "Private": [ "0,0 1,0 1,2" ] } ] }""", "allowed is a list of polygons such as")]
    [InlineData("""{ "Cameras": [ { "Name": "a", "Source": "x", "ClockShift": "00:01:00" } ] }""", "allowed only where Simulated is true")]
    [InlineData("""{ "Cameras": [ { "Name": "a", "Source": "x" }, { "Name": "A", "Source": "y" } ] }""", "another camera has that name")]
    [InlineData("""{ "Cameras": [ { "Name": "a", "Source": "x" } ], "Hub": { "Addresses": [ "https://h:99999" ] } }""", "Hub.Addresses is '[ \"https://h:99999\" ]': allowed is a list of https://HOST:PORT")]
    [InlineData("""{ "Cameras": [ { "Name": "a", "Source": "x" } ], "Hub": { "Addresses": [ "https://a b" ] } }""", "Hub.Addresses is '[ \"https://a b\" ]': allowed is a list of https://HOST:PORT")]
    [InlineData("{ \"Cameras\": [ {\n \"Name\" ]", "line 2: this is no JSON")]
    public void Load_OfOneFault_NamesKeyValueAndCure(string json, string words) =>
        Assert.Contains(words, Assert.Throws<UserError>(() => Load(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_OfNoFile_SaysHowToWriteOne()
    {
        var error = Assert.Throws<UserError>(() => LaneOptions.Load(_folder));
        Assert.Contains("there is no such file", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"Cameras\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = Load("""{ "Cameras": [ { "Name": "front", "Source": "x" } ] }""");
        Assert.Equal(("control", 1883, 2048, 256, 5), (options.Station, options.Mqtt.Port, options.Outbox.MaxMegabytes, options.Hub.Window, options.Hub.HeartbeatSeconds));
        Assert.Equal((1.0, 120, 12.0), (options.Score.PriorPerThousand, options.LaneAlert.HoldSeconds, options.Vision.FramesPerSecond));
    }

    private LaneOptions Load(string json)
    {
        File.WriteAllText(Path.Combine(_folder, LaneOptions.FileName), json);
        return LaneOptions.Load(_folder);
    }
}
