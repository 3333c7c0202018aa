using System.Text.Json;

namespace Anpr.Benchmarks.Passages;

/// <summary>One simulated vehicle as its simulator told it.</summary>
/// <param name="Slot">Its place in the traffic.</param>
/// <param name="Text">Its registration.</param>
/// <param name="Covered">Whether the plate cannot be read.</param>
/// <param name="From">When it came into the picture, after the start of the recording.</param>
/// <param name="To">When it had left.</param>
internal sealed record TrueVehicle(int Slot, string Text, bool Covered, TimeSpan From, TimeSpan To)
{
    /// <summary>Reads the simulator's lines: each vehicle that appeared and left.</summary>
    public static IReadOnlyList<TrueVehicle> Parse(IEnumerable<string> lines)
    {
        var appeared = new Dictionary<int, TimeSpan>();
        var vehicles = new List<TrueVehicle>();
        foreach (var line in lines)
        {
            var root = JsonDocument.Parse(line).RootElement;
            var slot = root.GetProperty("slot").GetInt32();
            var at = TimeSpan.FromSeconds(root.GetProperty("offset_s").GetDouble());
            if (root.GetProperty("event").GetString() == "appears")
            {
                appeared[slot] = at;
            }
            else
            {
                vehicles.Add(new TrueVehicle(slot, root.GetProperty("text").GetString()!, root.GetProperty("cover").GetString() != "none", appeared[slot], at));
            }
        }

        return vehicles;
    }
}
