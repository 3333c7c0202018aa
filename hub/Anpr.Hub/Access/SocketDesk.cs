using System.Net.Sockets;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>Administrative commands through the socket of a running hub.</summary>
internal sealed class SocketDesk(HttpClient client) : IAccessDesk, IDisposable
{
    /// <summary>The running hub.</summary>
    public HttpClient Client => client;

    /// <summary>True when a hub runs on this data folder and takes commands.</summary>
    public static bool Answers(HubFiles files)
    {
        if (!File.Exists(files.Socket))
        {
            return false;
        }

        try
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            probe.Connect(new UnixDomainSocketEndPoint(files.Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A client of the running hub, null when none runs on this data folder.</summary>
    public static HttpClient? Connect(HubFiles files)
    {
        if (!Answers(files))
        {
            return null;
        }

        var end = new UnixDomainSocketEndPoint(files.Socket);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(end, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://hub") };
    }

    public async Task<string> TokenAsync(string port, string lane, IReadOnlyList<string> addresses) =>
        await Answer<string>(client.PostAsJsonAsync("/admin/tokens", new TokenRequest(port, lane, addresses)));

    public async Task<UserRow> AddUserAsync(string name, Role role, IReadOnlyList<string> ports) =>
        await Answer<UserRow>(client.PostAsJsonAsync("/admin/users", new UserRequest(name, role.ToString(), ports)));

    public async Task RemoveUserAsync(string name, string? successor) =>
        await Answer<string>(client.DeleteAsync(new Uri($"/admin/users/{Uri.EscapeDataString(name)}{(successor is null ? "" : $"?successor={Uri.EscapeDataString(successor)}")}", UriKind.Relative)));

    public async Task<IReadOnlyList<UserRow>> UsersAsync() =>
        await Answer<List<UserRow>>(client.GetAsync(new Uri("/admin/users", UriKind.Relative)));

    public async Task<string> LinkAsync(string name, string? console) =>
        await Answer<string>(client.PostAsJsonAsync("/admin/links", new LinkRequest(name, console)));

    public async Task RevokeAsync(string port, string lane) =>
        await Answer<string>(client.PostAsJsonAsync("/admin/revocations", new TokenRequest(port, lane, [])));

    public async Task<string> AddKeyAsync(string name, IReadOnlyList<string> scopes, int days) =>
        await Answer<string>(client.PostAsJsonAsync("/admin/keys", new KeyRequest(name, scopes, days)));

    public async Task RevokeKeyAsync(string name) =>
        await Answer<string>(client.DeleteAsync(new Uri($"/admin/keys/{Uri.EscapeDataString(name)}", UriKind.Relative)));

    public async Task<IReadOnlyList<KeyRow>> KeysAsync() =>
        await Answer<List<KeyRow>>(client.GetAsync(new Uri("/admin/keys", UriKind.Relative)));

    public void Dispose() => client.Dispose();

    /// <summary>What the hub answered.</summary>
    /// <exception cref="InputException">It refused, in its words.</exception>
    internal static async Task<T> Answer<T>(Task<HttpResponseMessage> asked)
    {
        using var response = await asked;
        if (response.IsSuccessStatusCode)
        {
            return (await response.Content.ReadFromJsonAsync<T>(Movements.RowJson.Options))!;
        }

        var words = await response.Content.ReadAsStringAsync();
        throw new InputException(words.Length > 0 ? words : $"the hub answered {(int)response.StatusCode}. Its log says why.");
    }
}

/// <summary>Asks for an enrolment token, or for an end of the lane's certificate.</summary>
internal sealed record TokenRequest(string Port, string Lane, IReadOnlyList<string> Addresses);

/// <summary>Asks for a new user.</summary>
internal sealed record UserRequest(string Name, string Role, IReadOnlyList<string> Ports);

/// <summary>Asks for a sign-in link.</summary>
internal sealed record LinkRequest(string Name, string? Console);

/// <summary>Asks for a key for a program.</summary>
internal sealed record KeyRequest(string Name, IReadOnlyList<string> Scopes, int Days);
