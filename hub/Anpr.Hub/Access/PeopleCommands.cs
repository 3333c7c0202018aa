using System.CommandLine;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary><c>hub user</c> and <c>hub key</c>.</summary>
internal static class PeopleCommands
{
    public static IEnumerable<Command> All() => [User(), Key()];

    private static Command User()
    {
        var (data, store) = (DataOption.Create(), StoreOption.Create());
        var name = new Argument<string>("NAME") { Description = "user name" };
        var role = RequiredOption.Create("--role", "ROLE", string.Join(", ", Names.All<Role>()));
        var ports = new Option<string[]>("--port") { Description = "a port at which they work; may be given more than once (default: all)", HelpName = "PORT", DefaultValueFactory = _ => [] };
        var console = new Option<string?>("--console") { Description = "address of the console for the link (default: where it last ran)", HelpName = "URL" };

        var add = new Command("add", "adds a user") { data, store, name, role, ports };
        add.SetAction(async (parsed, _) =>
        {
            var wanted = Names.Read<Role>("role", parsed.GetRequiredValue(role));
            await using var open = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            var user = await open.Desk.AddUserAsync(parsed.GetRequiredValue(name), wanted, parsed.GetRequiredValue(ports));
            Out($"{user.Name} is {AccessWords.Of(user.Role, user.Ports)}. Sign in with: hub user link {user.Name}");
        });

        var link = new Command("link", "prints a sign-in link that works once, within 15 minutes") { data, store, name, console };
        link.SetAction(async (parsed, _) =>
        {
            await using var open = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            Out(await open.Desk.LinkAsync(parsed.GetRequiredValue(name), parsed.GetValue(console)));
        });

        var successor = new Option<string?>("--successor") { Description = "supervisor who takes over their covert watchlist entries", HelpName = "NAME" };
        var remove = new Command("remove", "removes a user and ends their sessions") { data, store, name, successor };
        remove.SetAction(async (parsed, _) =>
        {
            await using var open = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            await open.Desk.RemoveUserAsync(parsed.GetRequiredValue(name), parsed.GetValue(successor));
        });

        var list = new Command("list", "prints all users with their roles") { data, store };
        list.SetAction(async (parsed, _) =>
        {
            await using var open = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            foreach (var user in await open.Desk.UsersAsync())
            {
                Out($"{user.Name}\t{AccessWords.Of(user.Role, user.Ports)}\t{user.SignsInBy}\t{user.AddedAt:u}");
            }
        });
        return new Command("user", "users of the console: add, link, list, remove") { add, link, list, remove };
    }

    private static Command Key()
    {
        var (data, store) = (DataOption.Create(), StoreOption.Create());
        var name = new Argument<string>("NAME") { Description = "the key's name, for example of the system that uses it" };
        var scopes = new Option<string[]>("--scope") { Description = $"a part of the API that it opens ({string.Join(", ", Policies.Scopes)}); may be given more than once", HelpName = "SCOPE", Required = true };
        var days = new Option<int>("--days") { Description = "how long it works", HelpName = "N", DefaultValueFactory = _ => (int)ApiKeys.Usual.TotalDays };

        var add = new Command("add", "makes a key and prints it, this once") { data, store, name, scopes, days };
        add.SetAction(async (parsed, _) =>
        {
            await using var open = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            Out(await open.Desk.AddKeyAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scopes), parsed.GetRequiredValue(days)));
        });

        var revoke = new Command("revoke", "refuses a key from now on") { data, store, name };
        revoke.SetAction(async (parsed, _) =>
        {
            await using var open = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            await open.Desk.RevokeKeyAsync(parsed.GetRequiredValue(name));
        });

        var list = new Command("list", "prints all keys that were made") { data, store };
        list.SetAction(async (parsed, _) =>
        {
            await using var open = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            foreach (var key in await open.Desk.KeysAsync())
            {
                Out($"{key.Name}\t{string.Join(',', key.Scopes)}\t{(key.RevokedAt is { } ended ? $"revoked {ended:u}" : $"until {key.ExpiresAt:u}")}");
            }
        });
        return new Command("key", "keys with which programs use the REST API: add, list, revoke") { add, list, revoke };
    }

    private static void Out(string line) => System.Console.Out.WriteLine(line);
}
