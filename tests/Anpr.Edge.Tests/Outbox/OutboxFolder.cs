using Anpr.Edge.Outbox;
using Anpr.Edge.Tests.Hub;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Edge.Tests.Outbox;

/// <summary>An outbox in a folder of its own that can be closed and opened again.</summary>
internal sealed class OutboxFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("anpr-outbox-").FullName;

    public FakeTimeProvider Time { get; } = new(Passages.Noon);

    public System.Collections.Concurrent.ConcurrentQueue<Committed> Committed { get; } = new();

    public async Task<PassageOutbox> OpenAsync(int maxMegabytes = 100, int reserveMegabytes = 1)
    {
        var outbox = Start(maxMegabytes, reserveMegabytes);
        await Eventually.HoldsAsync(
            () =>
            {
                // A process that another test starts holds our closed file for the instant between its fork and its exec.
                if (outbox.Snapshot().Condition == OutboxCondition.Fault)
                {
                    Time.Advance(TimeSpan.FromSeconds(5));
                }

                return outbox.Opened.IsCompleted;
            },
            "the outbox to open");
        return outbox;
    }

    public PassageOutbox Start(int maxMegabytes = 100, int reserveMegabytes = 1) => new(
        Path,
        new OutboxOptions { MaxMegabytes = maxMegabytes, ReserveMegabytes = reserveMegabytes },
        "control",
        () => true,
        committed =>
        {
            foreach (var c in committed)
            {
                Committed.Enqueue(c);
            }
        },
        Time,
        NullLogger.Instance);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
