using System.Text.Json;
using Anpr.Simulation.Demo;
using Anpr.Simulation.Processes;

namespace Anpr.EndToEnd.Site;

/// <summary>A hub and lanes as real processes in a folder of their own, to be started, killed and looked at.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(120);

    private readonly DemoSetup _setup;
    private readonly List<Child> _children = [];
    private readonly Dictionary<Child, Task> _reading = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lines;

    private TestSite(IReadOnlyList<PortPlan> ports)
    {
        Ports = ports;
        Folder = DemoFolder.Create(null);
        Console = new Uri($"http://127.0.0.1:{FreePorts.Tcp()}");
        Lanes = ports.ToDictionary(port => port.Port, _ => new LaneView(), StringComparer.Ordinal);
        _setup = new DemoSetup(new DemoOptions(new Dictionary<string, string>(), null, true, null, Console, 1), new Programs(), Folder, Follow, TimeProvider.System);
    }

    public IReadOnlyList<PortPlan> Ports { get; }

    public DemoFolder Folder { get; }

    public Uri Console { get; }

    /// <summary>What each lane has said, by port.</summary>
    public IReadOnlyDictionary<string, LaneView> Lanes { get; }

    /// <summary>The hub's event lines, in order.</summary>
    public List<JsonElement> HubEvents { get; } = [];

    public DemoSetup Setup => _setup;

    /// <summary>A new hub with its lanes enrolled; all running, or the hub alone.</summary>
    public static async Task<TestSite> StartAsync(IReadOnlyList<PortPlan> ports, CancellationToken cancellation, bool startLanes = true)
    {
        var site = new TestSite(ports);
        try
        {
            await site._setup.InitHubAsync(cancellation);
            await site._setup.RunHubAsync(cancellation);
            foreach (var port in ports)
            {
                await site._setup.EnrolAsync(port, cancellation);
            }

            await Task.WhenAll(ports.Where(_ => startLanes).Select(port => site.StartLaneAsync(port, cancellation)));
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>The running process of a name (hub, lane-PORT, simulation-PORT).</summary>
    public Child Running(string name)
    {
        lock (_gate)
        {
            return _children.Last(child => child.Name == name);
        }
    }

    public Task StartHubAsync(CancellationToken cancellation) => _setup.RunHubAsync(cancellation);

    public Task StartLaneAsync(PortPlan port, CancellationToken cancellation)
    {
        Lanes[port.Port].Restarted();
        return _setup.RunLaneAsync(port, cancellation);
    }

    public void StartSimulation(PortPlan port, double pace) => _setup.StartSimulation(port, pace);

    /// <summary>Ends a process as a power cut would, and whatever it had started.</summary>
    public async Task KillAsync(string name)
    {
        var child = Running(name);
        child.Kill();
        await child.Ended;
    }

    /// <summary>Asks a process to end and waits until its last line was read.</summary>
    public async Task StopAsync(string name)
    {
        await Running(name).StopAsync();
        await Read(name);
    }

    /// <summary>Waits until something holds; it is looked at whenever a process has said something.</summary>
    /// <exception cref="TimeoutException">It does not; the message says what was waited for, and where the logs are.</exception>
    public async Task WaitAsync(string what, Func<bool> holds, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(LongestWait);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            while (true)
            {
                Task news;
                lock (_gate)
                {
                    if (holds())
                    {
                        return;
                    }

                    news = _news.Task;
                }

                await news.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException error) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException($"{what}: not within {LongestWait.TotalSeconds} s. Logs: {Folder.Logs}", error);
        }
    }

    /// <summary>Waits until the processes have said <paramref name="count"/> more lines.</summary>
    public Task LinesAsync(int count, CancellationToken cancellation)
    {
        var until = Interlocked.Read(ref _lines) + count;
        return WaitAsync("more lines", () => Interlocked.Read(ref _lines) >= until, cancellation);
    }

    /// <summary>
    /// Ends the traffic, closes what is open, and waits until each lane has delivered all it holds; then ends lanes and hub.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        foreach (var port in Ports)
        {
            await StopAsync($"simulation-{port.Port}");
            // A lane that ends closes its passages; started again without traffic, it only delivers.
            await StopAsync($"lane-{port.Port}");
            await StartLaneAsync(port, cancellation);
        }

        await WaitAsync("all delivered", () => Lanes.Values.All(lane => lane.Waiting == 0), cancellation);
        foreach (var port in Ports)
        {
            await StopAsync($"lane-{port.Port}");
        }

        await StopAsync("hub");
    }

    public async ValueTask DisposeAsync()
    {
        Child[] children;
        lock (_gate)
        {
            children = [.. _children];
        }

        foreach (var child in children.Reverse())
        {
            child.Kill();
            await child.DisposeAsync();
        }

        _setup.Dispose();
        Directory.Delete(Folder.Path, recursive: true);
    }

    private void Follow(Child child)
    {
        lock (_gate)
        {
            _children.Add(child);
            _reading[child] = ReadAsync(child);
        }
    }

    private Task Read(string name)
    {
        lock (_gate)
        {
            return _reading[_children.Last(child => child.Name == name)];
        }
    }

    private async Task ReadAsync(Child child)
    {
        var port = child.Name[(child.Name.IndexOf('-', StringComparison.Ordinal) + 1)..];
        await foreach (var line in child.Lines.ReadAllAsync())
        {
            lock (_gate)
            {
                if (child.Name == "hub")
                {
                    HubEvents.Add(JsonDocument.Parse(line).RootElement);
                }
                else if (child.Name.StartsWith("lane", StringComparison.Ordinal))
                {
                    Lanes[port].Take(line);
                }

                Interlocked.Increment(ref _lines);
                var told = _news;
                _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                told.SetResult();
            }
        }
    }
}
