using System.ComponentModel.DataAnnotations;

namespace Anpr.Edge.Uplink;

/// <summary>Section <c>Hub</c> of the lane's file.</summary>
internal sealed record UplinkOptions
{
    /// <summary>https address of the hub's gRPC server; null: the one that enrolled this lane.</summary>
    [HubAddress(ErrorMessage = "https://HOST:PORT")]
    public string? Address { get; init; }

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

/// <summary>An https address with nothing behind its port.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HubAddressAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is null || (Uri.TryCreate(value as string, UriKind.Absolute, out var address) && IsHub(address));

    /// <summary>True when a hub can be there.</summary>
    public static bool IsHub(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps && address.Port > 0 && address.PathAndQuery == "/" && address.UserInfo.Length == 0;
}
