using System.Text;
using Npgsql;

namespace Anpr.Hub.Storage.Postgres;

/// <summary>
/// What hubs tell one another of what they have written, by NOTIFY: it comes with the commit, or not at all. A notice is
/// <c>hub|table|id id id ...</c>; ids are those of their tables and hold no space.
/// </summary>
internal sealed partial class Notices : IAsyncDisposable
{
    // PostgreSQL takes less than 8000 bytes.
    private const int Longest = 7800;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A wait is never cancelled: Npgsql can then hang for ever (its issue 5975). It is woken, or ends by itself.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource ended = new();
    private readonly NpgsqlDataSource source;
    private readonly string me;
    private readonly Action<WrittenElsewhere> tell;
    private readonly ILogger log;
    private readonly Task listening;
    private Task telling = Task.CompletedTask;

    /// <param name="source">Where to connect.</param>
    /// <param name="me">This hub, whose own notices are not told.</param>
    /// <param name="tell">Is told all others, one at a time.</param>
    /// <param name="log">Told when the connection is lost.</param>
    public Notices(NpgsqlDataSource source, string me, Action<WrittenElsewhere> tell, ILogger log)
    {
        (this.source, this.me, this.tell, this.log) = (source, me, tell, log);
        listening = Task.Run(ListenAsync);
    }

    /// <summary>Tells, on another thread, that anything may be new.</summary>
    public void TellUnknown() => telling = Task.WhenAll(telling, Task.Run(() =>
    {
        try
        {
            tell(new WrittenElsewhere(null, []));
        }
        catch (StoreFailedException failed)
        {
            LogLost(log, failed.Message); // it is lost again: what begins anew with the database tells it then
        }
    }));

    /// <summary>The notices that tell of these records.</summary>
    public static IEnumerable<string> Write(string hub, string table, IEnumerable<string> ids)
    {
        var head = $"{hub}|{table}|";
        var notice = new StringBuilder(head);
        foreach (var id in ids)
        {
            if (notice.Length + id.Length >= Longest && notice.Length > head.Length)
            {
                yield return notice.ToString(0, notice.Length - 1);
                notice.Clear().Append(head);
            }

            notice.Append(id).Append(' ');
        }

        if (notice.Length > head.Length)
        {
            yield return notice.ToString(0, notice.Length - 1);
        }
    }

    /// <summary>The hub that wrote a notice, and what it tells; null when it is none.</summary>
    public static (string Hub, WrittenElsewhere Written)? Read(string notice) =>
        notice.Split('|', 3) is [var hub, var table, var ids] ? (hub, new WrittenElsewhere(table, ids.Split(' '))) : null;

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await WakeAsync();
        await listening;
        await telling;
        ended.Dispose();
    }

    private async Task WakeAsync()
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var notify = connection.Command(Sql.Notify, [new[] { $"{me}||" }]);
            await notify.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (PostgresStore.IsFailure(error))
        {
            // nobody is there to wake it: it ends by itself
        }
    }

    private async Task ListenAsync()
    {
        for (var lost = false; !ended.IsCancellationRequested;)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(ended.Token);
                var waiting = new Queue<WrittenElsewhere>();
                connection.Notification += (_, came) =>
                {
                    if (Read(came.Payload) is { } notice && notice.Hub != me)
                    {
                        waiting.Enqueue(notice.Written);
                    }
                };
                await using var listen = connection.Command(Sql.Listen, []);
                await listen.ExecuteNonQueryAsync(ended.Token);
                tell(new WrittenElsewhere(null, [])); // what was written before, nobody heard
                lost = false;
                while (!ended.IsCancellationRequested)
                {
                    while (waiting.TryDequeue(out var written))
                    {
                        tell(written);
                    }

                    if (!await connection.WaitAsync(Wait, CancellationToken.None))
                    {
                        await listen.ExecuteNonQueryAsync(ended.Token); // a network that is gone would be waited on for ever
                    }
                }
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // whatever it was: a hub that no longer hears the others must begin anew
            catch (Exception error)
#pragma warning restore CA1031
            {
                if (!lost)
                {
                    LogLost(log, error.Message);
                }

                lost = true;
                await Task.Delay(Pause, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What other hubs write is not heard for the moment: {Fault}")]
    private static partial void LogLost(ILogger log, string fault);
}
