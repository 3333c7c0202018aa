using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Retention;

namespace Anpr.Hub.Tests.Retention;

/// <summary>Holds and erasures as supervisors and administrators meet them.</summary>
public sealed class RetentionApiTests : IAsyncLifetime
{
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync();

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Holds_PlacedAndLiftedBySupervisors_AreLoggedAndNamedToThemOnly()
    {
        var (supervisor, administrator, officer) = (await hub.SignInAsync(Role.Supervisor), await hub.SignInAsync(Role.Administrator), await hub.SignInAsync(Role.Officer));

        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(officer, "holds", new HoldBody("plate", "AB12CDE", "CASE:1"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(administrator, "holds", new HoldBody("plate", "AB12CDE", "CASE:1"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(supervisor, "holds", new HoldBody("plate", "AB12CDE", ""))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(supervisor, "holds", new HoldBody("vehicle", "nobody", "CASE:1"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(supervisor, "holds", new HoldBody("house", "nobody", "CASE:1"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(supervisor, "holds", new HoldBody("2", "AB12CDE", "CASE:1"))).Status); // a number names no kind
        var placed = await PostAsync(supervisor, "holds", new HoldBody("plate", "ab12 cde", "CASE:1"));
        var again = await PostAsync(supervisor, "holds", new HoldBody("plate", "AB12CDE", "CASE:2"));
        var id = placed.Body.GetProperty("id").GetString()!;

        Assert.Equal(("AB12CDE", id), (placed.Body.GetProperty("of").GetString(), again.Body.GetProperty("id").GetString()));
        Assert.True((await GetAsync(supervisor, "holds"))[0].TryGetProperty("of", out _));
        Assert.False((await GetAsync(administrator, "holds"))[0].TryGetProperty("of", out _));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(supervisor, $"holds/{id}/lift", new LiftBody("because"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(supervisor, "holds/nothing/lift", new LiftBody("CASE:1"))).Status);
        Assert.Equal("supervisor", (await PostAsync(supervisor, $"holds/{id}/lift", new LiftBody("CASE:1"))).Body.GetProperty("lifted_by").GetString());
        Assert.Equal(["refused: no reason", "", ""], hub.Get<AuditLog>().Newest("supervisor", "hold.place", 3).Select(e => e.Result).Reverse());
    }

    [Fact]
    public async Task Erase_ByAnAdministrator_AnswersWithTheProofAndIsLogged()
    {
        var traffic = new KeptTraffic(hub, TimeProvider.System);
        await traffic.PassAsync("AB12CDE", 1);
        var (supervisor, administrator) = (await hub.SignInAsync(Role.Supervisor), await hub.SignInAsync(Role.Administrator));

        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(supervisor, "erasures", new ErasureBody(null, "AB12CDE", "DPA:47"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(administrator, "erasures", new ErasureBody(null, "AB12CDE", null))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(administrator, "erasures", new ErasureBody(null, "ZZ99ZZZ", "DPA:47"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(administrator, "erasures", new ErasureBody(null, null, "DPA:47"))).Status);
        var done = await PostAsync(administrator, "erasures", new ErasureBody(null, "ab12cde", "DPA:47"));

        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Equal(1, done.Body.GetProperty("erasure").GetProperty("counts").GetProperty("passages").GetInt32());
        Assert.Equal(done.Body.GetProperty("erasure").GetProperty("sum").GetString(), (await GetAsync(supervisor, "erasures"))[0].GetProperty("sum").GetString());
        var entry = hub.Get<AuditLog>().Newest("administrator", "vehicle.erase", 1)[0];
        Assert.Equal(("erasure", "DPA:47", done.Body.GetProperty("erasure").GetProperty("counts").EnumerateObject().Sum(c => c.Value.GetInt64())), (entry.Kind, entry.Why, entry.Records));
    }

    [Fact]
    public async Task Retention_Periods_AreTheDefaults()
    {
        var body = await GetAsync(await hub.SignInAsync(Role.Administrator), "retention");

        Assert.Equal((365, 7, 30, 2192), (body.GetProperty("sightings_days").GetInt32(), body.GetProperty("overviews_days").GetInt32(), body.GetProperty("quarantine_days").GetInt32(), body.GetProperty("audit_days").GetInt32()));
    }

    [Theory]
    [InlineData("{\"retention\":{\"sightings_days\":0}}", "SightingsDays")]
    [InlineData("{\"retention\":{\"sightings_days\":\"long\"}}", "sightings_days")]
    [InlineData("{\"retention\":{\"sighting_days\":30}}", "sighting_days")]
    [InlineData("{\"retention\":{\"sightings_days\":5,\"overviews_days\":6}}", "overviews_days 6 is longer")]
    [InlineData("{\"retention\"", "line 1")]
    public async Task Start_WithPeriodsThatCannotBe_IsRefusedInOneLine(string json, string says)
    {
        using var folder = new TempFolder();
        await HubProcess.RunAsync("init", "--data", folder.Path);
        await File.WriteAllTextAsync(new HubFiles(folder.Path).Settings, json, TestContext.Current.CancellationToken);

        var refused = await HubProcess.RunAsync("run", "--data", folder.Path, "--grpc", "127.0.0.1:0", "--console", "127.0.0.1:0");

        Assert.Equal(CommandLine.BadInput, refused.Code);
        Assert.Contains(says, refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.Trim().Split('\n'));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync<T>(HttpClient client, string path, T body)
    {
        using var answer = await client.PostAsJsonAsync(new Uri($"/api/v1/{path}", UriKind.Relative), body, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken) : default);
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) =>
        await client.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/{path}", UriKind.Relative), TestContext.Current.CancellationToken);
}
