using Anpr.Hub.Storage;
using CsCheck;

namespace Anpr.Hub.Tests.Storage;

public sealed class StoreReadingTests
{
    // A store may begin anywhere among records of one key, go back from there and then on, as LiteDB does.
    [Fact]
    public void Pages_EqualKeysInAnyOrder_MeetEachRecordOnce() =>
        Gen.Select(Gen.Int[0, 3].Array[0, 2500], Gen.Int[0, 2500]).Sample((keys, middle) =>
        {
            var records = keys.Order().Select((key, number) => new Row($"{key}", $"{number}")).ToList();

            var met = StoreReading.Pages(Read, r => r.Key, r => r.Id, "").Select(r => r.Id).ToList();

            Assert.Equal(records.Select(r => r.Id).Order(StringComparer.Ordinal), met.Order(StringComparer.Ordinal));

            IReadOnlyList<Row> Read(string begin, int size)
            {
                var equal = records.Where(r => r.Key == begin).ToList();
                var from = Math.Min(middle, equal.Count);
                return [.. equal.Take(from).Reverse().Concat(equal.Skip(from)).Concat(records.Where(r => string.CompareOrdinal(r.Key, begin) > 0)).Take(size)];
            }
        });

    private sealed record Row(string Key, string Id);
}
