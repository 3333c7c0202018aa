using Anpr.Hub.Access;
using Anpr.Hub.Assess;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Microsoft.Extensions.Options;

namespace Anpr.Hub.Tests.Ops;

/// <summary>What an administrator sets in hub.json is what the hub goes by; what cannot be is refused by name.</summary>
public sealed class HubSettingsTests
{
    [Fact]
    public async Task Run_WithSettings_GoesByThem()
    {
        await using var hub = await RunningHub.StartAsync(prepare: files => HubFiles.Write(files.Settings, """{"score": {"share": 0.05}, "link": {"window": "10.00:00:00", "threshold": 0.7}}"""));

        var link = hub.Get<IOptions<LinkOptions>>().Value;
        Assert.Equal((0.05, TimeSpan.FromDays(10), 0.7), (hub.Get<IOptions<ScoreOptions>>().Value.Share, link.Window, link.Threshold));
    }

    [Theory]
    [InlineData("""{"score": {"share": 0.9}}""", "score", "Share")]
    [InlineData("""{"link": {"threshold": 0.01}}""", "link", "Threshold")]
    [InlineData("""{"link": {"windw": "10.00:00:00"}}""", "line 1", "windw")]
    public void Load_WhatCannotBe_IsRefusedByName(string json, string section, string key)
    {
        using var folder = new TempFolder();
        var files = new HubFiles(folder.Path);
        HubFiles.Write(files.Settings, json);

        var refused = Assert.Throws<InputException>(() => HubSettings.Load(files));

        Assert.Contains(section, refused.Message, StringComparison.Ordinal);
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }
}
