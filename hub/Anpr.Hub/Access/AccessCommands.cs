using System.CommandLine;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary><c>hub init</c>, <c>token</c>, <c>user</c> and <c>revoke</c>.</summary>
internal static class AccessCommands
{
    public static IEnumerable<Command> All() => [Init(), Token(), User(), Revoke()];

    private static Command Init()
    {
        var data = DataOption.Create();
        var hosts = new Option<string[]>("--host") { Description = "name or IP address by which lanes reach this hub; may be given more than once, the first is told to lanes", HelpName = "NAME", DefaultValueFactory = _ => [] };
        var command = new Command("init", "makes a new hub: its authority, server certificate and signing key") { data, hosts };
        command.SetAction(parsed =>
        {
            var files = new HubFiles(parsed.GetRequiredValue(data));
            using var authority = HubIdentity.Init(files, parsed.GetRequiredValue(hosts), TimeProvider.System);
            using var audit = new AuditLog(files.Path, TimeProvider.System);
            audit.Append(FileDesk.LocalName, "hub.init", result: $"authority {authority.Fingerprint}");
            Out($"A new hub in {files.Path}");
            Out($"authority SHA-256 {authority.Fingerprint}");
        });
        return command;
    }

    private static Command Token()
    {
        var data = DataOption.Create();
        var (port, lane) = (Required("--port", "PORT", "calais, coquelles or dunkerque"), Required("--lane", "LANE", "the lane's name, for example calais-1"));
        var address = new Option<string?>("--address") { Description = "name and port by which the lane reaches the hub (default: the first --host of `hub init` and the port last run on)", HelpName = "HOST:PORT" };
        var command = new Command("token", "prints a one-time token with which one lane box enrols within 15 minutes") { data, port, lane, address };
        command.SetAction(async (parsed, _) =>
        {
            using var desk = await DeskAsync(parsed.GetRequiredValue(data));
            Out(await desk.TokenAsync(parsed.GetRequiredValue(port), parsed.GetRequiredValue(lane), parsed.GetValue(address)));
        });
        return command;
    }

    private static Command User()
    {
        var data = DataOption.Create();
        var name = new Argument<string>("NAME") { Description = "user name" };
        var role = Required("--role", "ROLE", Roles.Names);
        var console = new Option<string?>("--console") { Description = "address of the console for the link (default: where it last ran)", HelpName = "URL" };

        var add = new Command("add", "adds a user") { data, name, role };
        add.SetAction(async (parsed, _) =>
        {
            var wanted = Roles.Parse(parsed.GetRequiredValue(role));
            using var desk = await DeskAsync(parsed.GetRequiredValue(data));
            var user = await desk.AddUserAsync(parsed.GetRequiredValue(name), wanted);
            Out($"{user.Name} is {user.Role.ToString().ToLowerInvariant()}. Sign in with: hub user link {user.Name}");
        });

        var link = new Command("link", "prints a sign-in link that works once, within 15 minutes") { data, name, console };
        link.SetAction(async (parsed, _) =>
        {
            using var desk = await DeskAsync(parsed.GetRequiredValue(data));
            Out(await desk.LinkAsync(parsed.GetRequiredValue(name), parsed.GetValue(console)));
        });

        var remove = new Command("remove", "removes a user and ends their sessions") { data, name };
        remove.SetAction(async (parsed, _) =>
        {
            using var desk = await DeskAsync(parsed.GetRequiredValue(data));
            await desk.RemoveUserAsync(parsed.GetRequiredValue(name));
        });

        var list = new Command("list", "prints all users with their roles") { data };
        list.SetAction(async (parsed, _) =>
        {
            using var desk = await DeskAsync(parsed.GetRequiredValue(data));
            foreach (var user in await desk.UsersAsync())
            {
                Out($"{user.Name}\t{user.Role.ToString().ToLowerInvariant()}\t{user.AddedAt:u}");
            }
        });
        return new Command("user", "users of the console: add, link, list, remove") { add, link, list, remove };
    }

    private static Command Revoke()
    {
        var data = DataOption.Create();
        var (port, lane) = (Required("--port", "PORT", "calais, coquelles or dunkerque"), Required("--lane", "LANE", "the lane's name"));
        var command = new Command("revoke", "refuses a lane's certificate from now on and cuts its connections; a new token enrols it again") { data, port, lane };
        command.SetAction(async (parsed, _) =>
        {
            using var desk = await DeskAsync(parsed.GetRequiredValue(data));
            await desk.RevokeAsync(parsed.GetRequiredValue(port), parsed.GetRequiredValue(lane));
        });
        return command;
    }

    private static Option<string> Required(string name, string help, string words) => new(name) { Required = true, HelpName = help, Description = words };

    private static async Task<IAccessDesk> DeskAsync(string folder)
    {
        var files = new HubFiles(folder);
        var time = TimeProvider.System;
        for (var began = time.GetTimestamp(); ;)
        {
            if (SocketDesk.Connect(files) is { } client)
            {
                return new SocketDesk(client);
            }

            try
            {
                return FileDesk.Open(files, time);
            }
            catch (InUseException) when (time.GetElapsedTime(began) < HubLock.Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), time);
            }
        }
    }

    private static void Out(string line) => System.Console.Out.WriteLine(line);
}
