using System.Text.Json;

namespace Anpr.Simulation.Demo;

/// <summary>Writes a lane's <c>lane.json</c>.</summary>
internal static class LaneFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>One front camera, and the lane's broker on the loopback.</summary>
    public static void Write(string folder, PortPlan port)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "lane.json"), JsonSerializer.Serialize(
            new
            {
                Station = "control",
                Cameras = new[] { new { Name = "front", port.Source, Side = "front", port.Simulated, ClockShift = port.ClockShift.ToString("c") } },
                Mqtt = new { Listen = "127.0.0.1", Port = port.MqttPort },
            },
            Indented));
    }
}
