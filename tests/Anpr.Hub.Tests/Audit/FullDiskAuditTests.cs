using System.Net;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Storage;

namespace Anpr.Hub.Tests.Audit;

/// <summary>A full disk is no tampering: what was refused is not in the log, and the log goes on when there is room.</summary>
public sealed class FullDiskAuditTests
{
    [Fact]
    public void Append_OnAFullDisk_RefusesAndGoesOnWithTheSameChain()
    {
        using var disk = new SmallDisk();
        var refused = 0;
        string head;
        using (var log = new AuditLog(disk.Path, TimeProvider.System))
        {
            for (var round = 0; round < 3; round++)
            {
                disk.Fill(freeBlocks: 0);
                var full = Assert.Throws<AuditFailedException>(() => AppendMany(log));
                Assert.Contains("Make room on its disk", full.Message, StringComparison.Ordinal);
                Assert.Throws<AuditFailedException>(() => AppendMany(log));
                refused += 2;
                disk.Clear();
                log.Append("anna", "movements.search", result: "room again");
            }

            head = log.Head;
        }

        var verdict = AuditVerifier.Verify(disk.Path, head);
        Assert.Equal((6, null, head), (refused, verdict.Fault, verdict.Head));
        using var again = new AuditLog(disk.Path, TimeProvider.System);
        Assert.Equal(3, again.Newest("anna", "movements", int.MaxValue).Count(e => e.Result == "room again"));
    }

    [Fact]
    public async Task SignIn_OnAFullDisk_SaysSoInOneLineAndWorksAfterwards()
    {
        using var disk = new SmallDisk();
        (await Storage.EnrolledLane.InAsync(disk.Path)).Dispose();
        string code;
        await using (var store = LiteStore.Open(disk.Path, HubFeatures.Tables))
        {
            var users = new Users(new AccessStore(store, TimeProvider.System));
            await users.AddAsync("anna", Role.Officer);
            code = await users.NewLinkAsync("anna");
        }

        var (hub, _) = await HubProcess.RunHubAsync(disk.Path);
        using var running = hub;
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = hub.Console };

        disk.Fill(freeBlocks: 0);
        var (status, page) = await SignInAsync(browser, code);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("its disk is full or fails", page, StringComparison.Ordinal);

        disk.Clear();
        Assert.Equal(HttpStatusCode.Redirect, (await SignInAsync(browser, code)).Status);
        await hub.KillAsync();
        Assert.Null(AuditVerifier.Verify(disk.Path).Fault);
        Assert.DoesNotContain(hub.Errors, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    private static void AppendMany(AuditLog log)
    {
        for (var i = 0; i < 100; i++)
        {
            log.Append("ben", "movements.search", about: new string('x', 300));
        }
    }

    private static async Task<(HttpStatusCode Status, string Page)> SignInAsync(HttpClient browser, string code)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("code", code)]);
        using var answer = await browser.PostAsync(new Uri("/sign-in", UriKind.Relative), form, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
