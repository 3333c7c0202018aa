using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Proto;

namespace Anpr.Hub.Access;

/// <summary>Administrative commands on the hub's own store; used inside a running hub, and by the command line when none runs.</summary>
internal sealed class AccessDesk(HubFiles files, Authority authority, Users users, Lanes lanes, ApiKeys keys, AuditLog audit) : IAccessDesk
{
    /// <summary>Who the audit log names for a command typed on this machine.</summary>
    public static string LocalName => $"console:{Environment.UserName}";

    public async Task<string> TokenAsync(string port, string lane, IReadOnlyList<string> addresses)
    {
        var known = HubAddresses.Load(files);
        var hubs = addresses.Select(HostAndPort).ToList();
        var (host, number) = hubs.Count == 0 ? (known.Host, known.GrpcPort) : hubs[0];
        var token = new EnrolmentToken(host, number, authority.Fingerprint, await lanes.NewTokenAsync(port, lane)) { Others = [.. addresses.Skip(1)] };
        audit.Append(LocalName, "lane.token", about: $"{port}/{lane}", result: $"for {string.Join(", ", addresses.Skip(1).Prepend($"{host}:{number}"))}");
        return token.ToString();
    }

    public async Task<UserRow> AddUserAsync(string name, Role role, IReadOnlyList<string> ports)
    {
        var user = await users.AddAsync(name, role, ports);
        audit.Append(LocalName, "user.add", about: name, result: AccessWords.Of(role, ports));
        return UserRow.Of(user);
    }

    public async Task RemoveUserAsync(string name)
    {
        await users.RemoveAsync(name);
        audit.Append(LocalName, "user.remove", about: name);
    }

    public Task<IReadOnlyList<UserRow>> UsersAsync() => Task.FromResult<IReadOnlyList<UserRow>>([.. users.All.Select(UserRow.Of)]);

    public async Task<string> LinkAsync(string name, string? console)
    {
        var code = await users.NewLinkAsync(name);
        audit.Append(LocalName, "user.link", about: name);
        return $"{(console ?? HubAddresses.Load(files).Console).TrimEnd('/')}/sign-in?code={code}";
    }

    public async Task RevokeAsync(string port, string lane)
    {
        await lanes.RevokeAsync(port, lane);
        audit.Append(LocalName, "lane.revoke", about: $"{port}/{lane}");
    }

    public async Task<string> AddKeyAsync(string name, IReadOnlyList<string> scopes, int days)
    {
        var key = await keys.AddAsync(name, scopes, TimeSpan.FromDays(days));
        audit.Append(LocalName, "key.add", about: name, result: $"{string.Join(',', scopes)} for {days} days");
        return key;
    }

    public async Task RevokeKeyAsync(string name)
    {
        await keys.RevokeAsync(name);
        audit.Append(LocalName, "key.revoke", about: name);
    }

    public Task<IReadOnlyList<KeyRow>> KeysAsync() => Task.FromResult<IReadOnlyList<KeyRow>>([.. keys.All.Select(KeyRow.Of)]);

    private static (string Host, int Port) HostAndPort(string address) =>
        Uri.TryCreate($"https://{address}", UriKind.Absolute, out var uri) && uri is { Host.Length: > 0, AbsolutePath: "/" } && address.EndsWith($":{uri.Port}", StringComparison.Ordinal)
            ? (uri.Host.Trim('[', ']'), uri.Port)
            : throw new InputException($"--address {address}: give the name and port by which the lane reaches the hub, such as hub.example:8443.");
}
