using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Outbox;

/// <summary>Something that the outbox's writer does.</summary>
internal abstract record Command;

/// <summary>A new revision of a passage, of a sighting, or of both.</summary>
internal sealed record AppendCommand(Wire.Passage Passage, Wire.Sighting? Sighting, string Sha256, ReadOnlyMemory<byte> Overview) : Command;

/// <summary>The hub's answer to a message.</summary>
internal sealed record SettleCommand(long Sequence, Settlement Settlement, string Reason) : Command;

/// <summary>An overview is uploaded, or will never be.</summary>
internal sealed record OverviewCommand(WaitingOverview Overview, bool Uploaded) : Command;
