using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Proto;

namespace Anpr.Hub.Access;

/// <summary>Administrative commands on the hub's own files; used inside a running hub, and by the command line when none runs.</summary>
internal sealed class FileDesk(HubFiles files, Authority authority, Users users, Lanes lanes, AuditLog audit, string who, params IDisposable[] owned) : IAccessDesk
{
    /// <summary>Opens the files of a hub that does not run.</summary>
    /// <exception cref="InputException">There is no hub, or another process works on it.</exception>
    public static FileDesk Open(HubFiles files, TimeProvider time)
    {
        var authority = Authority.Load(files);
        var held = HubLock.Take(files);
        var store = new AccessStore(files, time);
        var audit = new AuditLog(files.Path, time);
        return new FileDesk(files, authority, new Users(store, time), new Lanes(store), audit, LocalName, audit, held, authority);
    }

    /// <summary>Who the audit log names for a command typed on this machine.</summary>
    public static string LocalName => $"console:{Environment.UserName}";

    public Task<string> TokenAsync(string port, string lane, string? address)
    {
        var known = HubAddresses.Load(files);
        var (host, number) = address is null ? (known.Host, known.GrpcPort) : HostAndPort(address);
        var token = new EnrolmentToken(host, number, authority.Fingerprint, lanes.NewToken(port, lane));
        audit.Append(who, "lane.token", about: $"{port}/{lane}", result: $"for {host}:{number}");
        return Task.FromResult(token.ToString());
    }

    public Task<UserRow> AddUserAsync(string name, Role role)
    {
        var user = users.Add(name, role);
        audit.Append(who, "user.add", about: name, result: role.ToString());
        return Task.FromResult(new UserRow(user.Name, user.Role, user.AddedAt));
    }

    public Task RemoveUserAsync(string name)
    {
        users.Remove(name);
        audit.Append(who, "user.remove", about: name);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<UserRow>> UsersAsync() =>
        Task.FromResult<IReadOnlyList<UserRow>>([.. users.All.Select(u => new UserRow(u.Name, u.Role, u.AddedAt))]);

    public Task<string> LinkAsync(string name, string? console)
    {
        var code = users.NewLink(name);
        audit.Append(who, "user.link", about: name);
        return Task.FromResult($"{(console ?? HubAddresses.Load(files).Console).TrimEnd('/')}/sign-in?code={code}");
    }

    public Task RevokeAsync(string port, string lane)
    {
        lanes.Revoke(port, lane);
        audit.Append(who, "lane.revoke", about: $"{port}/{lane}");
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var one in owned)
        {
            one.Dispose();
        }
    }

    private static (string Host, int Port) HostAndPort(string address) =>
        Uri.TryCreate($"https://{address}", UriKind.Absolute, out var uri) && uri is { Host.Length: > 0, AbsolutePath: "/" } && address.EndsWith($":{uri.Port}", StringComparison.Ordinal)
            ? (uri.Host.Trim('[', ']'), uri.Port)
            : throw new InputException($"--address {address}: give the name and port by which the lane reaches the hub, such as hub.example:8443.");
}
