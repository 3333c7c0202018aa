using System.ComponentModel.DataAnnotations;

namespace Anpr.Edge.Outbox;

/// <summary>Section <c>Outbox</c> of the lane's file.</summary>
internal sealed record OutboxOptions
{
    /// <summary>Room for messages and overviews together, in megabytes of 10^6 bytes. Over it the oldest overviews go;
    /// text is never dropped for it.</summary>
    [Range(1, 1_000_000)]
    public int MaxMegabytes { get; init; } = 2048;
}
