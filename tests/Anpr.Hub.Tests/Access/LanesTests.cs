using System.Security.Cryptography;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Access;

public sealed class LanesTests : IDisposable
{
    private static readonly LaneIdentity Lane = new("calais", "calais-1");
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly Authority authority;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Lanes lanes;

    public LanesTests()
    {
        lanes = new Lanes(new AccessStore(new HubFiles(folder.Path), time));
        authority = Authority.Create(time.GetUtcNow());
    }

    public void Dispose()
    {
        authority.Dispose();
        key.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Fault_EnrolledLane_IsNone() => Assert.Null(lanes.Fault(Lane, Enrol()));

    [Fact]
    public void Fault_NeverEnrolled_IsSaid() => Assert.Contains("not enrolled", lanes.Fault(Lane, "01"), StringComparison.Ordinal);

    [Fact]
    public void Fault_EnrolledAnew_EndsTheEarlierCertificateAndSaysSo()
    {
        var ended = new List<LaneIdentity>();
        var first = Enrol();
        lanes.Ended += (_, e) => ended.Add(e.Lane);

        var second = Enrol();

        Assert.Contains("enrolled anew", lanes.Fault(Lane, first), StringComparison.Ordinal);
        Assert.Null(lanes.Fault(Lane, second));
        Assert.Equal([Lane], ended);
    }

    [Fact]
    public void Revoke_EndsTheLaneUntilItIsEnrolledAgain()
    {
        var serial = Enrol();

        lanes.Revoke("calais", "calais-1");

        Assert.Contains("revoked", lanes.Fault(Lane, serial), StringComparison.Ordinal);
        Assert.Null(lanes.Fault(Lane, Enrol()));
    }

    [Fact]
    public void Revoke_UnknownLane_IsRefused() => Assert.Throws<InputException>(() => lanes.Revoke("calais", "calais-7"));

    [Theory]
    [InlineData("paris", "paris-1")]
    [InlineData("calais", "Calais 1")]
    [InlineData("calais", "")]
    [InlineData("calais", "a:b")]
    public void NewToken_ImpossibleName_IsRefused(string port, string lane) => Assert.Throws<InputException>(() => lanes.NewToken(port, lane));

    [Fact]
    public void NewToken_Again_EndsTheUnspentOneForThatLaneOnly()
    {
        var first = lanes.NewToken("calais", "calais-1");
        var other = lanes.NewToken("calais", "calais-2");
        lanes.NewToken("calais", "calais-1");

        Assert.Throws<InputException>(() => lanes.Spend(first));
        Assert.Equal("calais-2", lanes.Spend(other).Lane);
    }

    private string Enrol()
    {
        using var certificate = authority.IssueLane(RunningHub.Csr(key), lanes.Spend(lanes.NewToken(Lane.Port, Lane.Lane)), time.GetUtcNow());
        lanes.Enrolled(Lane, certificate, "box-1");
        return certificate.SerialNumber;
    }
}
