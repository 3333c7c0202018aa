using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Tests.Movements;

/// <summary>What was learned of lanes, over REST.</summary>
public sealed class LearnedApiTests : IAsyncLifetime
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        await hub.Get<IStore>().WriteAsync(writer => Learned.Keep(
            writer,
            new LearnedVersion(1, new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero), "hub", "", 500, 480, new DateTimeOffset(2026, 11, 20, 11, 50, 0, TimeSpan.Zero)),
            [
                new LanePair("", "", "calais", "entry", 600, []),
                new LanePair("calais", "entry", "calais", "control", 500, [new(8, 12, 100), new(8, 14, 100), new(17, 16, 300)])
                {
                    Matches = 480, Letters = new Dictionary<string, double>(StringComparer.Ordinal) { ["88"] = 900, ["8B"] = 7 },
                },
            ]));
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Learned_IsShownToEngineersAndSupervisors_AndToNobodyElse()
    {
        foreach (var (role, status) in new[] { (Role.Engineer, HttpStatusCode.OK), (Role.Supervisor, HttpStatusCode.OK), (Role.Officer, HttpStatusCode.Forbidden), (Role.Administrator, HttpStatusCode.Forbidden) })
        {
            var client = await hub.SignInAsync(role);
            using var answer = await client.GetAsync(Uri("/api/v1/learned"), Stop);
            Assert.True(status == answer.StatusCode || (status == HttpStatusCode.Forbidden && answer.StatusCode == HttpStatusCode.Redirect), $"{role}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Pair_HasItsLettersAndTheTimesOfItsHours()
    {
        var engineer = await hub.SignInAsync(Role.Engineer);

        var all = await engineer.GetFromJsonAsync<JsonElement>(Uri("/api/v1/learned"), Stop);
        var pair = await engineer.GetFromJsonAsync<JsonElement>(Uri("/api/v1/learned/pair?from=calais/entry&to=calais/control"), Stop);
        using var none = await engineer.GetAsync(Uri("/api/v1/learned/pair?from=calais/entry&to=calais/nowhere"), Stop);

        Assert.Equal(1, Assert.Single(all.GetProperty("versions").EnumerateArray()).GetProperty("number").GetInt32());
        Assert.Equal(2, all.GetProperty("pairs").GetArrayLength());
        Assert.Equal(7, pair.GetProperty("letters").GetProperty("8B").GetDouble());
        Assert.Equal([8, 17], pair.GetProperty("hours").EnumerateArray().Select(h => h.GetProperty("hour").GetInt32()));
        var morning = pair.GetProperty("hours")[0];
        Assert.Equal((200, 6.1, 11.1), (morning.GetProperty("vehicles").GetDouble(), morning.GetProperty("median").GetDouble(), morning.GetProperty("late").GetDouble()));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Forget_NeedsAReason_AndIsAVersionInTheAudit()
    {
        var engineer = await hub.SignInAsync(Role.Engineer);

        using var refused = await engineer.PostAsync(Uri("/api/v1/learned/forget"), null, Stop);
        using var half = await engineer.PostAsync(Uri("/api/v1/learned/forget?from=calais/entry&reason=MAINT:17"), null, Stop);
        using var done = await engineer.PostAsync(Uri("/api/v1/learned/forget?from=calais/entry&to=calais/control&reason=MAINT:17"), null, Stop);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, half.StatusCode, done.StatusCode));
        var version = await done.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal((2, "engineer", "MAINT:17"), (version.GetProperty("number").GetInt32(), version.GetProperty("by").GetString(), version.GetProperty("why").GetString()));
        Assert.Equal("calais/entry", hub.Get<LearningDesk>().Pairs.Single().To.Key);
        Assert.Equal(["MAINT:17", ""], hub.Get<AuditLog>().Newest("engineer", "learned.forget", 5).Select(e => e.Why));
    }

    private static Uri Uri(string path) => new(path, UriKind.Relative);
}
