using System.Net;
using Anpr.Hub.Access;
using Anpr.Hub.Web;
using CsCheck;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Web;

/// <summary>A page's pictures are for whom the page was shown to: who knows a picture's name only is shown nothing.</summary>
public sealed class PictureTicketsTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public void Ticket_IsForOnePictureAndOneUser_AsLongAsASession()
    {
        var time = new FakeTimeProvider();
        var tickets = new PictureTickets(new EphemeralDataProtectionProvider(), time);
        var ticket = TicketOf(tickets.Address("olive", "c0ffee"));

        Assert.True(tickets.Admits(ticket, "olive", "c0ffee"));
        Assert.False(tickets.Admits(ticket, "olive", "beef"));
        Assert.False(tickets.Admits(ticket, "oliver", "c0ffee"));
        Assert.False(tickets.Admits(null, "olive", "c0ffee"));
        time.Advance(PictureTickets.Life + TimeSpan.FromSeconds(1));
        Assert.False(tickets.Admits(ticket, "olive", "c0ffee"));
    }

    [Fact]
    public void Ticket_AnyDamage_AdmitsNobodyAndBreaksNothing() => Gen.Select(Gen.Int[0, 400], Gen.Char).Sample((at, c) =>
    {
        var tickets = new PictureTickets(new EphemeralDataProtectionProvider(), TimeProvider.System);
        var ticket = TicketOf(tickets.Address("olive", "c0ffee"));
        var damaged = ticket.ToCharArray();
        damaged[at % damaged.Length] = c;
        var cut = ticket[..(at % ticket.Length)];

        // The last character of base64 may hold bits that say nothing.
        return !tickets.Admits(cut, "olive", "c0ffee") && (new string(damaged) == ticket || at % damaged.Length == damaged.Length - 1 || !tickets.Admits(new string(damaged), "olive", "c0ffee"));
    }, iter: 500);

    [Fact]
    public async Task Picture_WithoutTheTicketOfAPage_IsNotFound()
    {
        await using var hub = await RunningHub.StartAsync();
        var lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        byte[] patch = [0xff, 0xd8, 7];
        await lane.SendAsync(lane.Sighting("AB12CDE", Guid.CreateVersion7().ToString(), patch, []));
        var sha = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(patch));
        var (officer, other) = (await hub.SignInAsync("olive", Role.Officer), await hub.SignInAsync("otto", Role.Officer));
        var address = hub.Get<PictureTickets>().Address("olive", sha);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(officer, $"/pictures/{sha}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(other, address)).Status);
        var (status, shown) = await GetAsync(officer, address);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(patch, shown);
    }

    private static string TicketOf(string address) => address[(address.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private static async Task<(HttpStatusCode Status, byte[] Body)> GetAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), Stop);
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(Stop));
    }
}
