using System.CommandLine;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary><c>hub init</c>, <c>token</c> and <c>revoke</c>.</summary>
internal static class AccessCommands
{
    public static IEnumerable<Command> All() => [Init(), Token(), .. PeopleCommands.All(), Revoke()];

    private static Command Init()
    {
        var data = DataOption.Create();
        var hosts = new Option<string[]>("--host") { Description = "name or IP address by which lanes reach this hub; may be given more than once, the first is told to lanes", HelpName = "NAME", DefaultValueFactory = _ => [] };
        var join = new Option<string?>("--join") { Description = "data folder of another hub, or a copy of it: the new one works beside it over the same PostgreSQL, with the same authority and keys", HelpName = "DIR" };
        var command = new Command("init", "makes a new hub: its authority, server certificate and signing key") { data, hosts, join };
        command.SetAction(parsed =>
        {
            var files = new HubFiles(parsed.GetRequiredValue(data));
            using var authority = parsed.GetValue(join) is { } other
                ? HubIdentity.Join(files, new HubFiles(Path.GetFullPath(other)), parsed.GetRequiredValue(hosts), TimeProvider.System)
                : HubIdentity.Init(files, parsed.GetRequiredValue(hosts), TimeProvider.System);
            using var audit = new AuditLog(files.Path, TimeProvider.System);
            audit.Append(AccessDesk.LocalName, "hub.init", result: $"authority {authority.Fingerprint}");
            Out($"A new hub in {files.Path}");
            Out($"authority SHA-256 {authority.Fingerprint}");
        });
        return command;
    }

    private static Command Token()
    {
        var data = DataOption.Create();
        var store = StoreOption.Create();
        var (port, lane) = (RequiredOption.Create("--port", "PORT", "calais, coquelles or dunkerque"), RequiredOption.Create("--lane", "LANE", "the lane's name, for example calais-1"));
        var address = new Option<string[]>("--address") { Description = "name and port by which the lane reaches the hub (default: the first --host of `hub init` and the port last run on); more of them are other hubs over the same store", HelpName = "HOST:PORT", DefaultValueFactory = _ => [] };
        var command = new Command("token", "prints a one-time token with which one lane box enrols within 15 minutes") { data, store, port, lane, address };
        command.SetAction(async (parsed, _) =>
        {
            await using var desk = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            Out(await desk.Desk.TokenAsync(parsed.GetRequiredValue(port), parsed.GetRequiredValue(lane), parsed.GetRequiredValue(address)));
        });
        return command;
    }

    private static Command Revoke()
    {
        var data = DataOption.Create();
        var store = StoreOption.Create();
        var (port, lane) = (RequiredOption.Create("--port", "PORT", "calais, coquelles or dunkerque"), RequiredOption.Create("--lane", "LANE", "the lane's name"));
        var command = new Command("revoke", "refuses a lane's certificate from now on and cuts its connections; a new token enrols it again") { data, store, port, lane };
        command.SetAction(async (parsed, _) =>
        {
            await using var desk = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            await desk.Desk.RevokeAsync(parsed.GetRequiredValue(port), parsed.GetRequiredValue(lane));
        });
        return command;
    }

    private static void Out(string line) => System.Console.Out.WriteLine(line);
}
