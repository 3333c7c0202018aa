using System.Threading.Channels;
using Anpr.Simulation.Processes;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Demo;

/// <summary>One demo from its start to the end of its last child.</summary>
internal sealed class DemoRun(DemoOptions options, Programs programs, DemoFolder folder, IDemoView view, TimeProvider clock) : IAsyncDisposable
{
    private const string Hub = "hub";

    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<PortPlan> _ports = PortPlan.All(options.Videos);
    private readonly List<Child> _children = [];
    private readonly Channel<Happening> _happenings = Channel.CreateUnbounded<Happening>(new UnboundedChannelOptions { SingleReader = true });
    private readonly DemoState _state = new(TrafficPlan.Ports);
    private bool _stopping;

    /// <summary>What the loop is told: a line of the hub, a child's end, or that it is time to redraw.</summary>
    private abstract record Happening;

    private sealed record Line(string Text) : Happening;

    private sealed record Ended(Child Child, int Code) : Happening;

    private sealed record Refresh : Happening;

    private sealed record Over : Happening;

    /// <summary>Runs until the time is up (0, or 1 when a port gave no sighting), it is cancelled (130) or the hub ends (1).</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await StartAsync(cancellation);
            var hubLives = await WatchAsync(cancellation);
            await StopAsync();
            return hubLives ? Finish() : CommandLine.CheckFailed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            view.Say("ending everything ...");
            await StopAsync();
            Summarise();
            return CommandLine.Interrupted;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StartAsync(CancellationToken cancellation)
    {
        using var setup = new DemoSetup(options, programs, folder, Follow, clock);
        view.Say($"starting a hub, three lanes and their simulation in {folder.Path}");
        await setup.InitHubAsync(cancellation);
        await setup.RunHubAsync(cancellation);
        var lanes = Task.WhenAll(_ports.Select(port => StartPortAsync(setup, port, cancellation)));
        var users = setup.AddUsersAsync(cancellation);
        await setup.SeedWatchlistAsync(cancellation);
        await lanes;

        view.Links(options.Console, await users);
    }

    private static async Task StartPortAsync(DemoSetup setup, PortPlan port, CancellationToken cancellation)
    {
        await setup.EnrolAsync(port, cancellation);
        // The camera first: it is there when the lane opens it, and the lane sees itself empty before anybody comes.
        if (port.Simulated)
        {
            setup.StartSimulation(port, lead: Lead);
        }

        await setup.RunLaneAsync(port, cancellation);
    }

    private async Task<bool> WatchAsync(CancellationToken cancellation)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = TickAsync(watching.Token);
        await foreach (var happening in _happenings.Reader.ReadAllAsync(cancellation))
        {
            switch (happening)
            {
                case Line line:
                    _state.Take(line.Text, clock.GetUtcNow());
                    view.Event(line.Text);
                    break;
                case Ended { Child: var child, Code: var code }:
                    Tell(child, code);
                    if (child.Name == Hub)
                    {
                        await watching.CancelAsync();
                        return false;
                    }

                    break;
                case Refresh:
                    view.Show(_state, clock.GetUtcNow());
                    break;
                default:
                    await watching.CancelAsync();
                    return true;
            }
        }

        return true;
    }

    private void Tell(Child child, int code)
    {
        view.Say($"{child.Name} ended by itself with {code}: {(child.LastWords.Length > 0 ? child.LastWords : "without a word")} (log: {Path.Combine(folder.Logs, child.Name + ".log")})");
        var port = child.Name[(child.Name.IndexOf('-', StringComparison.Ordinal) + 1)..];
        if (_state.Ports.TryGetValue(port, out var state))
        {
            state.State = "ended";
        }
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        try
        {
            using var tick = new PeriodicTimer(RefreshEvery, clock);
            var start = clock.GetTimestamp();
            while (options.Length is not { } length || clock.GetElapsedTime(start) < length)
            {
                _happenings.Writer.TryWrite(new Refresh());
                await tick.WaitForNextTickAsync(cancellation);
            }

            _happenings.Writer.TryWrite(new Over());
        }
        catch (OperationCanceledException)
        {
            // The demo is over otherwise.
        }
    }

    private void Follow(Child child)
    {
        lock (_children)
        {
            _children.Add(child);
        }

        _ = PumpAsync(child);
    }

    private async Task PumpAsync(Child child)
    {
        await foreach (var line in child.Lines.ReadAllAsync())
        {
            if (child.Name == Hub)
            {
                _happenings.Writer.TryWrite(new Line(line));
            }
        }

        var code = await child.Ended;
        if (!Volatile.Read(ref _stopping))
        {
            _happenings.Writer.TryWrite(new Ended(child, code));
        }
    }

    /// <summary>The last started first: the simulation, then the lanes, so that they can still deliver, then the hub.</summary>
    private async Task StopAsync()
    {
        Volatile.Write(ref _stopping, true);
        Child[] children;
        lock (_children)
        {
            children = [.. _children];
            _children.Clear();
        }

        foreach (var kind in (string[])["simulation", "lane", Hub])
        {
            await Task.WhenAll(children.Where(child => child.Name.StartsWith(kind, StringComparison.Ordinal)).Select(child => child.DisposeAsync().AsTask()));
        }
    }

    private int Finish()
    {
        var silent = Summarise().Silent.ToArray();
        if (silent.Length == 0)
        {
            return 0;
        }

        Console.Error.WriteLine($"anpr: no sighting came from {string.Join(", ", silent)}. The logs are in {folder.Logs}");
        return CommandLine.CheckFailed;
    }

    private DemoSummary Summarise()
    {
        while (_happenings.Reader.TryRead(out var happening))
        {
            if (happening is Line line)
            {
                _state.Take(line.Text, clock.GetUtcNow());
                view.Event(line.Text);
            }
        }

        var summary = DemoSummary.Of(_state);
        view.Summary(summary, folder.Path);
        return summary;
    }
}
