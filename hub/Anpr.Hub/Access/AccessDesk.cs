using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Proto;

namespace Anpr.Hub.Access;

/// <summary>Administrative commands on the hub's own store; used inside a running hub, and by the command line when none runs.</summary>
internal sealed class AccessDesk(HubFiles files, Authority authority, Users users, PeopleDesk people, Lanes lanes, ApiKeys keys, AuditLog audit) : IAccessDesk
{
    /// <summary>Who the audit log names for a command typed on this machine.</summary>
    public static string LocalName => $"console:{Environment.UserName}";

    public async Task<string> TokenAsync(string port, string lane, IReadOnlyList<string> addresses)
    {
        var known = HubAddresses.Load(files);
        var hubs = addresses.Select(HostAndPort).ToList();
        var (host, number) = hubs.Count == 0 ? (known.Host, known.GrpcPort) : hubs[0];
        var secret = await audit.ChangeAsync(
            new(LocalName, "lane.token", $"{port}/{lane}", Result: $"for {string.Join(", ", addresses.Skip(1).Prepend($"{host}:{number}"))}"), () => lanes.NewTokenAsync(port, lane));
        return new EnrolmentToken(host, number, authority.Fingerprint, secret) { Others = [.. addresses.Skip(1)] }.ToString();
    }

    public async Task<UserRow> AddUserAsync(string name, Role role, IReadOnlyList<string> ports) => UserRow.Of(await people.AddAsync(LocalName, name, role, ports));

    public Task RemoveUserAsync(string name, string? successor) => people.RemoveAsync(LocalName, name, successor);

    public Task<IReadOnlyList<UserRow>> UsersAsync() => Task.FromResult<IReadOnlyList<UserRow>>([.. users.All.Select(UserRow.Of)]);

    public async Task<string> LinkAsync(string name, string? console)
    {
        var code = await people.LinkAsync(LocalName, name);
        return $"{(console ?? HubAddresses.Load(files).Console).TrimEnd('/')}/sign-in?code={code}";
    }

    public Task RevokeAsync(string port, string lane) => RevokeAsync(LocalName, port, lane);

    /// <summary>Refuses a lane's certificate from now on.</summary>
    public Task RevokeAsync(string who, string port, string lane) =>
        audit.ChangeAsync(new(who, "lane.revoke", $"{port}/{lane}", Result: ""), () => lanes.RevokeAsync(port, lane));

    public Task<string> AddKeyAsync(string name, IReadOnlyList<string> scopes, int days) => audit.ChangeAsync(
        new(LocalName, "key.add", name, Result: $"{string.Join(',', scopes)} for {days} days"), () => keys.AddAsync(name, scopes, TimeSpan.FromDays(days)));

    public Task RevokeKeyAsync(string name) => audit.ChangeAsync(new(LocalName, "key.revoke", name, Result: ""), () => keys.RevokeAsync(name));

    public Task<IReadOnlyList<KeyRow>> KeysAsync() => Task.FromResult<IReadOnlyList<KeyRow>>([.. keys.All.Select(KeyRow.Of)]);

    private static (string Host, int Port) HostAndPort(string address) =>
        Uri.TryCreate($"https://{address}", UriKind.Absolute, out var uri) && uri is { Host.Length: > 0, AbsolutePath: "/" } && address.EndsWith($":{uri.Port}", StringComparison.Ordinal)
            ? (uri.Host.Trim('[', ']'), uri.Port)
            : throw new InputException($"--address {address}: give the name and port by which the lane reaches the hub, such as hub.example:8443.");
}
