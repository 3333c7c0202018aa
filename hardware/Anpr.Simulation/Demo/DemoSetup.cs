using System.Globalization;
using Anpr.Simulation.Ports;
using Anpr.Simulation.Processes;

namespace Anpr.Simulation.Demo;

/// <summary>
/// Brings everything up, through the programs' own commands: hub, users, watchlist, lanes, simulation. Whatever runs on is
/// handed to <c>started</c> at once, so that it is ended even when the rest cannot be brought up.
/// </summary>
internal sealed class DemoSetup(DemoOptions options, Programs programs, DemoFolder folder, Action<Child> started, TimeProvider clock) : IDisposable
{
    private const string Seeder = "demo";
    private const int EnrolAttempts = 3;
    private const int WatchedSlots = 120;
    private const int ShortestForWildcard = 6;

    private static readonly string[] Roles = ["officer", "supervisor", "engineer", "administrator"];

    private readonly int _grpc = FreePorts.Tcp();

    // Each command is a start of the runtime: more than a few at once only slow one another down.
    private readonly SemaphoreSlim _turn = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Makes a new hub.</summary>
    public Task InitHubAsync(CancellationToken cancellation) =>
        Tool.RunAsync("hub init", folder.Logs, programs.Hub, cancellation, "init", "--data", folder.Hub, "--host", "127.0.0.1");

    /// <summary>The hub, running and ready.</summary>
    public Task<Child> RunHubAsync(CancellationToken cancellation) => ReadyAsync(
        Child.Start("hub", folder.Logs, programs.Hub, "run", "--data", folder.Hub, "--grpc", $"127.0.0.1:{_grpc}", "--console", options.Console.GetLeftPart(UriPartial.Authority), "--json"),
        cancellation);

    /// <summary>One user and one sign-in link per role.</summary>
    public async Task<IReadOnlyList<(string Role, string Link)>> AddUsersAsync(CancellationToken cancellation) =>
        await Task.WhenAll(Roles.Select(async role => (role, await LinkAsync(role, role, cancellation))));

    /// <summary>The plan's watched vehicles, as a supervisor's entries.</summary>
    public Task SeedWatchlistAsync(CancellationToken cancellation)
    {
        var entries = PortOptions.Plan(options.Seed).Watched(WatchedSlots)
            .Select((text, i) => i % 3 == 2 && text.Length >= ShortestForWildcard
                // Every third as a wildcard, so that this kind of entry is seen too.
                ? ($"{text[..^2]}??", "wildcard", $"Demo list {i + 1}: stop and ask")
                : (text, "exact", $"Demo list {i + 1}: stop and search"))
            .ToArray();
        return AddWatchlistAsync(entries, cancellation);
    }

    /// <summary>Entries of the watchlist, as a supervisor of their own adds them.</summary>
    public async Task AddWatchlistAsync(IReadOnlyList<(string Pattern, string Kind, string Display)> entries, CancellationToken cancellation) =>
        await WatchlistSeed.AddAsync(options.Console, await LinkAsync(Seeder, "supervisor", cancellation), entries, clock, cancellation);

    /// <summary>Makes a port's lane box known to the hub.</summary>
    public async Task EnrolAsync(PortPlan port, CancellationToken cancellation)
    {
        LaneFile.Write(folder.Lane(port.Port), port);
        var token = await HubCommandAsync($"hub token {port.Port}", cancellation, "token", "--port", port.Port, "--lane", port.Lane, "--address", $"127.0.0.1:{_grpc}");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TurnAsync(() => Tool.RunAsync($"lane enrol {port.Port}", folder.Logs, programs.Edge, cancellation, "lane", "enrol", "--data", folder.Lane(port.Port), "--token", token), cancellation);
                return;
            }
            catch (InputException) when (attempt < EnrolAttempts)
            {
                // On a busy machine the hub may answer too late; the token is not spent by that.
            }
        }
    }

    /// <summary>A port's enrolled lane box, running and ready.</summary>
    public Task<Child> RunLaneAsync(PortPlan port, CancellationToken cancellation) =>
        ReadyAsync(Child.Start($"lane-{port.Port}", folder.Logs, programs.Edge, "lane", "run", "--data", folder.Lane(port.Port), "--json"), cancellation);

    /// <summary>A port's simulation, running.</summary>
    /// <param name="port">Which.</param>
    /// <param name="pace">How much faster than in life its traffic drives.</param>
    /// <param name="lead">How long the lane is empty before the first vehicle.</param>
    public Child StartSimulation(PortPlan port, double pace = 1, TimeSpan lead = default)
    {
        var simulation = Child.Start(
            $"simulation-{port.Port}", folder.Logs, programs.Simulation,
            "port", "--port", port.Port, "--seed", options.Seed.ToString(CultureInfo.InvariantCulture), "--pace", pace.ToString(CultureInfo.InvariantCulture),
            "--camera", port.Source, "--mqtt", $"127.0.0.1:{port.MqttPort}", "--lane", port.Lane, "--clock-shift", port.ClockShift.ToString("c"), "--lead", lead.ToString("c"));
        started(simulation);
        return simulation;
    }

    public void Dispose() => _turn.Dispose();

    private async Task<Child> ReadyAsync(Child child, CancellationToken cancellation)
    {
        started(child);
        return await child.Ready.WaitAsync(cancellation) ? child : throw new InputException($"{child.Name} ended with {await child.Ended}: {child.LastWords}");
    }

    private async Task<string> LinkAsync(string user, string role, CancellationToken cancellation)
    {
        await HubCommandAsync($"hub user add {user}", cancellation, "user", "add", user, "--role", role);
        return await HubCommandAsync($"hub user link {user}", cancellation, "user", "link", user);
    }

    private Task<string> HubCommandAsync(string name, CancellationToken cancellation, params string[] arguments) =>
        TurnAsync(() => Tool.RunAsync(name, folder.Logs, programs.Hub, cancellation, [.. arguments, "--data", folder.Hub]), cancellation);

    private async Task<string> TurnAsync(Func<Task<string>> what, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await what();
        }
        finally
        {
            _turn.Release();
        }
    }
}
