using System.Text.Json.Serialization;

namespace Anpr.Hub.Access;

/// <summary>A user as shown to administrators.</summary>
/// <param name="Name">User name.</param>
/// <param name="Role">What they are trusted with.</param>
/// <param name="Ports">Ports at which they work; empty for all.</param>
/// <param name="AddedAt">UTC.</param>
/// <param name="SignsInBy">How they sign in: "provider", "password" or "link".</param>
public sealed record UserRow(
    string Name, [property: JsonConverter(typeof(JsonStringEnumConverter<Role>))] Role Role, IReadOnlyList<string> Ports, DateTimeOffset AddedAt, string SignsInBy)
{
    internal static UserRow Of(User user) =>
        new(user.Name, user.Role, user.Ports, user.AddedAt, user.Subject is not null ? "provider" : user.Password is not null ? "password" : "link");
}

/// <summary>A key of a program as shown to administrators; never the key itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">Parts of the API that it opens.</param>
/// <param name="AddedAt">UTC.</param>
/// <param name="ExpiresAt">UTC.</param>
/// <param name="RevokedAt">Since when it is refused, null while it is valid.</param>
public sealed record KeyRow(string Name, IReadOnlyList<string> Scopes, DateTimeOffset AddedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt)
{
    internal static KeyRow Of(ApiKey key) => new(key.Name, key.Scopes, key.AddedAt, key.ExpiresAt, key.RevokedAt);
}

/// <summary>
/// Administrative commands of the command line: done on the store when no hub runs on the data folder (<see cref="AccessDesk"/>), by the running
/// hub over its socket otherwise (<see cref="SocketDesk"/>). Each one is audited.
/// </summary>
internal interface IAccessDesk
{
    /// <summary>Text of a new enrolment token.</summary>
    /// <param name="port">Port of the lane.</param>
    /// <param name="lane">Name of the lane.</param>
    /// <param name="addresses">HOST:PORT by which the lane reaches the hub and others over the same store; none for what the hub knows of itself.</param>
    Task<string> TokenAsync(string port, string lane, IReadOnlyList<string> addresses);

    Task<UserRow> AddUserAsync(string name, Role role, IReadOnlyList<string> ports);

    /// <summary>Removes a user.</summary>
    /// <param name="name">User name.</param>
    /// <param name="successor">The supervisor who takes over their covert watchlist entries, null where they have none.</param>
    Task RemoveUserAsync(string name, string? successor);

    Task<IReadOnlyList<UserRow>> UsersAsync();

    /// <summary>Address of a single-use sign-in page.</summary>
    /// <param name="name">User name.</param>
    /// <param name="console">Address of the console, null for what the hub knows of itself.</param>
    Task<string> LinkAsync(string name, string? console);

    Task RevokeAsync(string port, string lane);

    /// <summary>A new key for a program; it is shown once.</summary>
    Task<string> AddKeyAsync(string name, IReadOnlyList<string> scopes, int days);

    Task RevokeKeyAsync(string name);

    Task<IReadOnlyList<KeyRow>> KeysAsync();
}
