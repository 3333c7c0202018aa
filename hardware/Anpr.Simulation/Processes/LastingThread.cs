namespace Anpr.Simulation.Processes;

/// <summary>
/// One thread that lives as long as the program. Children are started on it: Linux sends a child's parent-death signal
/// when the thread that started it ends (prctl(2), PR_SET_PDEATHSIG), and threads of the pool end when they idle.
/// </summary>
internal static class LastingThread
{
    private static readonly System.Collections.Concurrent.BlockingCollection<Action> Work = Start();

    /// <summary>Runs <paramref name="what"/> there and gives its result or its exception.</summary>
    public static T Run<T>(Func<T> what)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(what());
            }
#pragma warning disable CA1031 // Handed to the caller, whatever it is.
            catch (Exception error)
#pragma warning restore CA1031
            {
                done.SetException(error);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    private static System.Collections.Concurrent.BlockingCollection<Action> Start()
    {
        var work = new System.Collections.Concurrent.BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "children",
        };
        thread.Start();
        return work;
    }
}
