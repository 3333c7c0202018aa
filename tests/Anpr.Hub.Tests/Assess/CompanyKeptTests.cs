using Anpr.Hub.Assess;

namespace Anpr.Hub.Tests.Assess;

public sealed class CompanyKeptTests
{
    private const int Vehicles = 5000;
    private const int Beside = 60;

    [Fact]
    public void Queue_OfVehiclesThatComeByChance_IsNoCompany()
    {
        var random = new Random(1);
        var found = 0;
        for (var vehicle = 0; vehicle < 300; vehicle++)
        {
            found += CompanyKept.Of([.. Enumerable.Range(0, 25).Select(_ => Stay(random))], _ => 12).Count;
        }

        Assert.InRange(found, 0, 1);
    }

    [Fact]
    public void TwoThatComeTogetherFourTimes_AreCompany_AndNobodyElse()
    {
        var random = new Random(2);
        var stays = Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? Stay(random, "friend") : Stay(random)).ToList();

        var companion = Assert.Single(CompanyKept.Of(stays, _ => 6));

        Assert.Equal(("friend", 5), (companion.Vehicle, companion.Together));
        Assert.InRange(companion.Expected, 0, 0.2);
    }

    [Fact]
    public void OneThatIsThereAllTheTime_IsNoCompany() =>
        Assert.Empty(CompanyKept.Of([.. Enumerable.Range(0, 10).Select(_ => new Stay(new HashSet<string> { "shuttle" }, 0.002))], _ => 5000));

    [Fact]
    public void TwoTimesTogether_AreTooFew() =>
        Assert.Empty(CompanyKept.Of([new Stay(new HashSet<string> { "friend" }, 1e-9), new Stay(new HashSet<string> { "friend" }, 1e-9)], _ => 2));

    // Sixty vehicles of five thousand that come twelve times each pass in those minutes.
    private static Stay Stay(Random random, params string[] with) => new(
        Enumerable.Range(0, Beside).Select(_ => $"v{random.Next(Vehicles)}").Concat(with).ToHashSet(StringComparer.Ordinal), Beside / (Vehicles * 12.0));
}
