using Anpr.Hub.Audit;
using Anpr.Hub.Retention;
using CsCheck;

namespace Anpr.Hub.Tests.Retention;

public sealed class ErasureSumTests
{
    private static readonly Gen<ErasedRecord[]> Records = Gen.Select(Gen.Bool, Gen.String, (sighting, id) => new ErasedRecord(sighting ? "sightings" : "passages", id)).Array[0, 20];

    [Fact]
    public void Add_AnyOrderAndGroups_GiveOneSum() => Gen.Select(Records, Gen.Int[0, 20], Gen.Int).Sample((records, cut, seed) =>
    {
        var key = ErasureSum.NewKey();
        var whole = ErasureSum.Add(ErasureSum.Zero, key, records);
        var shuffled = records.ToArray();
        new Random(seed).Shuffle(shuffled);

        Assert.Equal(whole, ErasureSum.Add(ErasureSum.Add(ErasureSum.Zero, key, shuffled.Take(cut)), key, shuffled.Skip(cut)));
        Assert.Equal(64, whole.Length);
    });

    [Fact]
    public void Add_AnotherRecordOrKey_GivesAnotherSum() => Gen.Select(Records, Gen.String).Sample((records, id) =>
    {
        var key = ErasureSum.NewKey();
        var sum = ErasureSum.Add(ErasureSum.Zero, key, records);

        Assert.NotEqual(sum, ErasureSum.Add(sum, key, [new ErasedRecord("sightings", id)]));
        Assert.Equal(records.Length == 0, sum == ErasureSum.Add(ErasureSum.Zero, ErasureSum.NewKey(), records));
    });

    [Theory]
    [InlineData("AB12CDE", true)]
    [InlineData("ab12 cde 2026-11-01", true)]
    [InlineData("plate AB12-CDE", true)]
    [InlineData("AB12C*", false)]
    [InlineData("XY34ZZZ", false)]
    [InlineData("0198f0a4-0000-7000-8000-000000000001", true)]
    [InlineData("0198f0a4-0000-7000-8000-000000000002", false)]
    [InlineData("passage 0198F0A4-0000-7000-8000-000000000001, open", true)]
    [InlineData("A12", true)]
    [InlineData("BA12B", false)]
    public void AreIn_EntryAboutSomething_IsFoundByIdOrRegistration(string about, bool named)
    {
        var names = new ErasedNames(["AB12CDE", "A12", "0198f0a4-0000-7000-8000-000000000001"]);
        var entry = new AuditEntry(1, default, "r", "consultation", "movements.search", null, null, "", "", "", "", null, new AuditContent(about, "", "", ""));

        Assert.Equal(named, names.AreIn(entry));
    }

    [Fact]
    public void AreIn_AnyTextAndAnyNames_NeverThrows() => Gen.Select(Gen.String, Gen.String.Array[0, 4]).Sample((text, names) =>
    {
        var entry = new AuditEntry(1, default, "r", "consultation", "movements.search", null, null, "", "", "", "", null, new AuditContent("", "", text, ""));
        var found = new ErasedNames([.. names, text]).AreIn(entry);
        Assert.True(found || text.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-') || text.Length == 0, text);
    });
}
