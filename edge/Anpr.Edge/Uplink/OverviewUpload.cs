using Anpr.Edge.Outbox;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Uplink;

/// <summary>Sends pictures one by one, each only after its sighting is acknowledged.</summary>
internal sealed partial class OverviewUpload(Wire.Ingest.IngestClient client, PassageOutbox outbox, TimeProvider time, ILogger log)
{
    private const int ChunkBytes = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs until cancelled or until a call fails.</summary>
    /// <param name="answered">Called at each answer.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task RunAsync(Action answered, CancellationToken cancel)
    {
        WaitingOverview? done = null;
        while (true)
        {
            var changed = outbox.Changed;
            // One that was answered stays the next until the outbox's writer has come to it.
            if (outbox.NextOverview() is { } next && next.Overview != done)
            {
                outbox.Settle(next.Overview, await SendAsync(next.Overview, next.Jpeg, cancel));
                answered();
                done = next.Overview;
            }

            await changed.WaitAsync(cancel);
        }
    }

    private async Task<bool> SendAsync(WaitingOverview overview, byte[]? jpeg, CancellationToken cancel)
    {
        if (jpeg is null)
        {
            LogLost(log, overview.Sighting);
            return false;
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        using var call = client.UploadOverview(cancellationToken: either.Token);
        try
        {
            foreach (var chunk in Chunks(overview, jpeg))
            {
                await call.RequestStream.WriteAsync(chunk, either.Token);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException && !either.IsCancellationRequested)
        {
            // A hub that refuses does not wait for the last byte: its answer, or why the call failed, is in the response.
        }

        var answer = await call.ResponseAsync;
        if (answer.Outcome == Wire.OverviewAnswer.Types.Outcome.Refused)
        {
            LogRefused(log, overview.Sighting, overview.Revision, answer.Reason);
        }

        return answer.Outcome is Wire.OverviewAnswer.Types.Outcome.Stored or Wire.OverviewAnswer.Types.Outcome.Duplicate;
    }

    private static IEnumerable<Wire.OverviewChunk> Chunks(WaitingOverview overview, byte[] jpeg)
    {
        var key = new Wire.OverviewKey
        {
            SightingId = overview.Sighting.ToString(),
            Revision = (uint)overview.Revision,
            Sha256 = overview.Sha256,
            Length = (uint)jpeg.Length,
        };
        for (var start = 0; start < jpeg.Length; start += ChunkBytes)
        {
            var chunk = new Wire.OverviewChunk { Data = ByteString.CopyFrom(jpeg, start, Math.Min(ChunkBytes, jpeg.Length - start)) };
            if (start == 0)
            {
                chunk.Key = key;
            }

            yield return chunk;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The overview of sighting {Sighting} is lost here and cannot be uploaded")]
    private static partial void LogLost(ILogger log, Guid sighting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hub refused the overview of sighting {Sighting} revision {Revision}: {Reason}")]
    private static partial void LogRefused(ILogger log, Guid sighting, int revision, string reason);
}
