using System.Text.Json.Serialization;

namespace Anpr.Hub.Access;

/// <summary>A user as shown to administrators.</summary>
public sealed record UserRow(string Name, [property: JsonConverter(typeof(JsonStringEnumConverter<Role>))] Role Role, DateTimeOffset AddedAt);

/// <summary>
/// Administrative commands of the command line: done on the files when no hub runs (<see cref="FileDesk"/>), by the running hub
/// over its socket otherwise (<see cref="SocketDesk"/>). Each one is audited.
/// </summary>
internal interface IAccessDesk : IDisposable
{
    /// <summary>Text of a new enrolment token.</summary>
    /// <param name="port">Port of the lane.</param>
    /// <param name="lane">Name of the lane.</param>
    /// <param name="address">HOST:PORT by which the lane reaches the hub, null for what the hub knows of itself.</param>
    Task<string> TokenAsync(string port, string lane, string? address);

    Task<UserRow> AddUserAsync(string name, Role role);

    Task RemoveUserAsync(string name);

    Task<IReadOnlyList<UserRow>> UsersAsync();

    /// <summary>Address of a single-use sign-in page.</summary>
    /// <param name="name">User name.</param>
    /// <param name="console">Address of the console, null for what the hub knows of itself.</param>
    Task<string> LinkAsync(string name, string? console);

    Task RevokeAsync(string port, string lane);
}
