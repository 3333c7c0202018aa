using Anpr.Edge.Outbox;
using CsCheck;

namespace Anpr.Edge.Tests.Outbox;

public sealed class OutboxIndexTests
{
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 12).Select(i => new Guid(i, 0, 0, new byte[8]))];

    private enum Step
    {
        Sighting,
        Passage,
        Close,
        Answer,
        Refuse,
    }

    /// <summary>Whatever happens in whatever order, the batches make a file that gives the same index again, and no message that
    /// was neither answered nor superseded after an answer is ever removed.</summary>
    [Fact]
    public void Batches_InAnyOrder_MakeAFileThatGivesTheSameIndex() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 2], Gen.Int[0, 5], Gen.Int[1, 40]).List[1, 80].Sample(steps =>
        {
            var (file, open) = (new SortedDictionary<long, OutboxMessage>(), new HashSet<Guid>());
            var index = new OutboxIndex([], [], [], 0);
            var unanswered = new HashSet<long>();
            var revision = 0;
            foreach (var (step, which, record, size) in steps)
            {
                var batch = new OutboxBatch();
                var passage = Ids[which];
                switch (step)
                {
                    case Step.Sighting when index.Append(passage, Ids[3 + record], ++revision, new byte[size], batch, out var s):
                        unanswered.Add(s);
                        break;
                    case Step.Passage when index.Append(passage, passage, ++revision, new byte[size], batch, out var s):
                        unanswered.Add(s);
                        break;
                    case Step.Close:
                        index.Close(passage, revision, batch);
                        break;
                    case Step.Answer or Step.Refuse when unanswered.Count > 0:
                        var sequence = unanswered.Order().ElementAt(record % unanswered.Count);
                        index.Settle(sequence, step == Step.Answer ? Settlement.Acknowledged : Settlement.Refused, "why", batch);
                        unanswered.Remove(sequence);
                        break;
                }

                batch.Add.ForEach(m => file.Add(m.Sequence, m));
                batch.Remove.ForEach(s => Assert.True(file.Remove(s)));
                batch.Aside.ForEach(a => Assert.True(file.Remove(a.Sequence)));
                batch.Opened.ForEach(p => Assert.True(open.Add(p)));
                batch.Closed.ForEach(p => open.Remove(p));
            }

            Assert.Superset(unanswered, file.Keys.ToHashSet());
            Assert.Equal(unanswered.Count, index.Waiting);
            Assert.Equal(file.Values.Sum(m => m.Body.Length), index.Bytes);
            Assert.Equal(open, index.Open.ToHashSet());
            var again = new OutboxIndex(file.Values, open, [], index.Last);
            Assert.Equal(index.Bytes, again.Bytes);
            foreach (var passage in open)
            {
                // Where the newest was refused, the file still has an older one that the index no longer counts as newest.
                Assert.Subset(again.NewestOf(passage).ToHashSet(), index.NewestOf(passage).ToHashSet());
            }
        });

    [Fact]
    public void Sequences_AfterRebuild_AreNeverGivenTwice()
    {
        var index = new OutboxIndex([], [], [], 41);
        index.Append(Ids[0], Ids[0], 1, [1], new OutboxBatch(), out var sequence);
        Assert.Equal(42, sequence);
    }
}
