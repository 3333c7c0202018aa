using System.Net;
using System.Net.Http.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using CsCheck;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Tests.Movements;

/// <summary>What an officer says of a search is counted for ever: what cannot be is not kept.</summary>
public sealed class SearchCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("dog", 2, 0, 10, "")]
    [InlineData("", 2, 0, 10, "methods")]
    [InlineData("prayer", 2, 0, 10, "methods")]
    [InlineData("dog", 0, 0, 10, "people")]
    [InlineData("dog", 201, 0, 10, "people")]
    [InlineData("dog", 2, 0, -1, "ended_at")]
    [InlineData("dog", 2, 0, 1441, "ended_at")]
    [InlineData("dog", 2, 11, 12, "started_at")]
    public void Check_OneFault_IsNamed(string method, uint people, int startsIn, int takes, string field)
    {
        var search = new Search
        {
            Reason = Search.Types.Reason.Alert,
            Finding = Search.Types.Finding.People,
            People = people,
            StartedAt = Now.AddMinutes(startsIn - (field == "started_at" ? 0 : 2000)).ToTimestamp(),
        };
        search.EndedAt = search.StartedAt.ToDateTimeOffset().AddMinutes(takes).ToTimestamp();
        search.Methods.AddRange(method.Length > 0 ? [method] : []);

        if (field.Length == 0)
        {
            SearchCheck.Check(search, Now);
            return;
        }

        Assert.Contains(field, Assert.Throws<InputException>(() => SearchCheck.Check(search, Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AnyNumberOfPeople_GoesWithPeopleAlone() => Gen.Select(Gen.Enum<Search.Types.Finding>(), Gen.UInt[0, 400]).Sample((finding, people) =>
    {
        var search = new Search { Reason = Search.Types.Reason.Random, Finding = finding, People = people, Methods = { "co2" }, StartedAt = Now.ToTimestamp() };
        var good = finding switch
        {
            Search.Types.Finding.Unspecified => false,
            Search.Types.Finding.People => people is > 0 and <= SearchCheck.MostPeople,
            _ => people == 0,
        };
        return good == (Record.Exception(() => SearchCheck.Check(search, Now)) is null);
    });

    [Theory]
    [InlineData("""{"reason":"alert","finding":"clear","people":0}""", "methods")]
    [InlineData("""{"reason":"alert","methods":[null],"finding":"clear","people":0}""", "methods")]
    [InlineData("""{"reason":"alert","methods":["dog"],"finding":"people","people":200000}""", "people")]
    [InlineData("""{"reason":"alert","methods":["dog"],"finding":"clear","started_at":"2126-01-01T00:00:00Z"}""", "started_at")]
    public async Task Post_OfASearchThatCannotBe_IsRefusedInWords_AndNotKept(string body, string field)
    {
        await using var hub = await RunningHub.StartAsync();
        var lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        var passage = Guid.CreateVersion7().ToString();
        await lane.SendAsync(lane.Sighting("AB12CDE", passage, [1], []));
        var officer = await hub.SignInAsync(Role.Officer);

        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await officer.PostAsync(new Uri($"/api/v1/passages/{passage}/searches", UriKind.Relative), content, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(field, (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Stop)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(hub.Get<IStore>().All(Hub.Ingest.StoredSearch.Table));
    }
}
