using Microsoft.Extensions.Logging.Abstractions;

namespace Anpr.Edge.Tests.Ops;

/// <summary>What the box counts, told while others count.</summary>
public sealed class LaneStatusTests
{
    /// <summary>Counters that come to be while all are told neither break the telling nor are lost.</summary>
    [Fact]
    public async Task Counters_WhileOthersBegin_AreTold()
    {
        const int Names = 20_000;
        var status = new LaneStatus(TimeProvider.System, NullLogger.Instance);
        var counting = Task.Run(
            () =>
            {
                for (var i = 0; i < Names; i++)
                {
                    status.Count($"counter {i}");
                }
            },
            TestContext.Current.CancellationToken);
        var told = 0;
        while (!counting.IsCompleted)
        {
            var now = status.Counters().Count;
            Assert.InRange(now, told, Names);
            told = now;
        }

        await counting;
        Assert.Equal(Names, status.Counters().Count);
    }
}
