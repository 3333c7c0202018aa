using System.ComponentModel.DataAnnotations;

namespace Anpr.Edge.Outbox;

/// <summary>Section <c>Outbox</c> of the lane's file.</summary>
internal sealed record OutboxOptions
{
    /// <summary>Room for messages and overviews together, in megabytes of 10^6 bytes. Over it the oldest overviews go;
    /// text is never dropped for it.</summary>
    [Range(1, 1_000_000)]
    public int MaxMegabytes { get; init; } = 2048;

    /// <summary>Room that the disk must have left, in megabytes, before records are written: the database cannot be trusted on a
    /// full disk. Below it the oldest overviews go, and when there are none left the outbox waits.</summary>
    [Range(1, 100_000)]
    public int ReserveMegabytes { get; init; } = 32;
}
