using System.ComponentModel.DataAnnotations;

namespace Anpr.Edge.Uplink;

/// <summary>Section <c>Hub</c> of the lane's file.</summary>
internal sealed record UplinkOptions
{
    /// <summary>https addresses of the hub's gRPC servers, all over one store; empty: those of the token that enrolled this lane.</summary>
    [HubAddresses(ErrorMessage = "a list of https://HOST:PORT")]
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Where this lane sends.</summary>
    /// <param name="enrolled">What it learnt when it was enrolled.</param>
    public IReadOnlyList<Uri> Hubs(IReadOnlyList<Uri> enrolled) => Addresses.Count == 0 ? enrolled : [.. Addresses.Select(a => new Uri(a))];

    /// <summary>Messages that may wait for their answer at once.</summary>
    [Range(1, 4096)]
    public int Window { get; init; } = 256;

    /// <summary>Seconds after which a message without an answer means that the connection is dead.</summary>
    [Range(5, 600)]
    public int AnswerSeconds { get; init; } = 30;

    /// <summary>Seconds between heartbeats.</summary>
    [Range(1, 60)]
    public int HeartbeatSeconds { get; init; } = 5;
}

/// <summary>https addresses with nothing behind their ports.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HubAddressesAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is IEnumerable<string?> all && all.All(text => Uri.TryCreate(text, UriKind.Absolute, out var address) && IsHub(address));

    /// <summary>True when a hub can be there.</summary>
    public static bool IsHub(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps && address.Port > 0 && address.PathAndQuery == "/" && address.UserInfo.Length == 0;
}
