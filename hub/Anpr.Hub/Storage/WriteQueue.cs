using System.Threading.Channels;

namespace Anpr.Hub.Storage;

/// <summary>
/// The single writer: takes what waits, up to <see cref="BatchLimit"/> works, into one transaction. While a commit runs the
/// next group gathers, so that the group grows with the load and a lone work never waits.
/// </summary>
internal sealed partial class WriteQueue : IAsyncDisposable
{
    public const int BatchLimit = 512;
    private const int QueueLimit = 4096;

    private readonly Channel<Work> channel = Channel.CreateBounded<Work>(new BoundedChannelOptions(QueueLimit) { SingleReader = true });
    private readonly ITransactions transactions;
    private readonly Thread thread;
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ILogger log;
    private bool failing;

    public WriteQueue(ITransactions transactions, ILogger log)
    {
        this.transactions = transactions;
        this.log = log;
        thread = new Thread(Loop) { IsBackground = true, Name = "store writer" };
        thread.Start();
    }

    /// <summary>One transaction at a time, all on the writer's thread.</summary>
    internal interface ITransactions
    {
        /// <param name="foresight">What the works of the transaction say that they will read.</param>
        IStoreWriter Begin(IReadOnlyList<Action<IStoreLookup>> foresight);

        /// <summary>Returns once the transaction is durable.</summary>
        void Commit();

        void Rollback();

        /// <summary>True when it was the store that failed, not the work.</summary>
        bool IsFailure(Exception error);
    }

    public async Task<TResult> RunAsync<TResult>(Func<IStoreWriter, TResult> work, Action<IStoreLookup>? foresee, CancellationToken cancellation)
    {
        var item = new Work<TResult>(work, foresee);
        try
        {
            await channel.Writer.WriteAsync(item, cancellation);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(IStore), "The store is closed.");
        }

        return await item.Result.Task;
    }

    public async ValueTask DisposeAsync()
    {
        channel.Writer.TryComplete();
        await stopped.Task;
    }

    private void Loop()
    {
        var group = new List<Work>(BatchLimit);
        while (channel.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (group.Count < BatchLimit && channel.Reader.TryRead(out var work))
            {
                group.Add(work);
            }

            if (TryCommit(group, out var error))
            {
                continue;
            }

            // The store failed: all of them. One of them failed: each alone, so that it takes no neighbour with it.
            foreach (var work in group)
            {
                if (error is StoreFailedException || !TryCommit([work], out error))
                {
                    work.Fail(error!);
                }
            }
        }

        stopped.SetResult();
    }

    private bool TryCommit(List<Work> group, out Exception? error)
    {
        error = null;
        try
        {
            var writer = transactions.Begin([.. group.Select(work => work.Foresee).OfType<Action<IStoreLookup>>()]);
            group.ForEach(work => work.Run(writer));
            transactions.Commit();
        }
#pragma warning disable CA1031 // whatever a work throws goes to its own caller
        catch (Exception failure)
#pragma warning restore CA1031
        {
            error = failure is not StoreFailedException && transactions.IsFailure(failure) ? new StoreFailedException(failure) : failure;
            transactions.Rollback();
            if (error is StoreFailedException failed)
            {
                Note(failed);
            }

            return false;
        }

        Note(failed: null);
        group.ForEach(work => work.Complete());
        return true;
    }

    // Once when it begins to fail and once when it works again, however often lanes try in between.
    private void Note(StoreFailedException? failed)
    {
        if (failed is not null && !failing)
        {
            LogFailed(log, failed.Message);
        }
        else if (failed is null && failing)
        {
            LogWorks(log);
        }

        failing = failed is not null;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Fault}")]
    private static partial void LogFailed(ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The hub's store works again")]
    private static partial void LogWorks(ILogger log);

    private abstract class Work(Action<IStoreLookup>? foresee)
    {
        public Action<IStoreLookup>? Foresee => foresee;

        public abstract void Run(IStoreWriter writer);

        public abstract void Complete();

        public abstract void Fail(Exception error);
    }

    private sealed class Work<TResult>(Func<IStoreWriter, TResult> body, Action<IStoreLookup>? foresee) : Work(foresee)
    {
        private TResult? value;

        public TaskCompletionSource<TResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Run(IStoreWriter writer) => value = body(writer);

        public override void Complete() => Result.SetResult(value!);

        public override void Fail(Exception error) => Result.SetException(error);
    }
}
