using Anpr.Hub.Storage;

namespace Anpr.Hub.Fleet;

/// <summary>A lane's settings as kept at the hub.</summary>
/// <param name="Key">port/lane.</param>
/// <param name="Revision">From 1.</param>
/// <param name="Json">The same sections as the lane's own file.</param>
public sealed record LaneConfiguration(string Key, ulong Revision, string Json)
{
    /// <summary>All of them by lane.</summary>
    public static Table<LaneConfiguration> Table { get; } = new("lane_configurations", c => c.Key);
}
