using System.Threading.Channels;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Anpr.Hub.Ingest;

/// <summary>The lanes' way in. Lane and port come from the client certificate.</summary>
[Authorize(Policies.Lane)]
internal sealed class IngestService(Intake intake, OverviewIntake overviews, CollectionLog collected, IHostApplicationLifetime lifetime) : Proto.V1.Ingest.IngestBase
{
    // Messages of one lane that may wait for their commit; the lane's own window is smaller.
    private const int InFlight = 256;

    private static readonly WriteOptions AtOnce = new();
    private static readonly WriteOptions Gathered = new(WriteFlags.BufferHint);

    /// <inheritdoc/>
    public override async Task Stream(
        IAsyncStreamReader<IngestMessage> requestStream, IServerStreamWriter<IngestAnswer> responseStream, ServerCallContext context)
    {
        var lane = LaneIdentity.Of(context);
        var answers = Channel.CreateBounded<Task<IngestAnswer>>(InFlight);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var reading = ReadAsync(requestStream, lane, answers.Writer, stop.Token);
        try
        {
            // In the order in which they came in: a commit holds all messages before it.
            // Those of one commit go out together.
            await foreach (var answer in answers.Reader.ReadAllAsync(stop.Token))
            {
                var known = await answer;
                responseStream.WriteOptions = answers.Reader.TryPeek(out var next) && next.IsCompleted ? Gathered : AtOnce;
                await responseStream.WriteAsync(known, context.CancellationToken);
            }

            await reading;
        }
        catch (Exception error) when (error is ObjectDisposedException || (error is OperationCanceledException && lifetime.ApplicationStopping.IsCancellationRequested))
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the hub is stopping"));
        }
        catch (IOException error) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, error.Message));
        }
    }

    /// <inheritdoc/>
    public override async Task<OverviewAnswer> UploadOverview(IAsyncStreamReader<OverviewChunk> requestStream, ServerCallContext context)
    {
        var lane = LaneIdentity.Of(context);
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.Key is not { } key)
        {
            return new OverviewAnswer { Outcome = OverviewAnswer.Types.Outcome.Refused, Reason = "key is missing. Send it in the first chunk." };
        }

        if (overviews.Fault(lane, key) is { } fault)
        {
            return new OverviewAnswer { Outcome = OverviewAnswer.Types.Outcome.Refused, Reason = fault };
        }

        var bytes = new MemoryStream((int)key.Length);
        do
        {
            if (bytes.Length + requestStream.Current.Data.Length > key.Length)
            {
                return new OverviewAnswer { Outcome = OverviewAnswer.Types.Outcome.Refused, Reason = $"more bytes came than the {key.Length} that were announced. Send the picture again." };
            }

            requestStream.Current.Data.WriteTo(bytes);
        }
        while (await requestStream.MoveNext(context.CancellationToken));
        try
        {
            var answer = await overviews.AcceptAsync(lane, key, bytes.ToArray());
            if (answer.Outcome == OverviewAnswer.Types.Outcome.Stored)
            {
                collected.Count(lane);
            }

            return answer;
        }
        catch (StoreFailedException failed)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, failed.Message));
        }
    }

    // What is stored is collected, whether or not the lane stays to hear so.
    private async Task<IngestAnswer> AcceptAsync(LaneIdentity lane, IngestMessage message)
    {
        var answer = await intake.AcceptAsync(lane, message);
        if (answer.Outcome == IngestAnswer.Types.Outcome.Stored)
        {
            collected.Count(lane);
        }

        return answer;
    }

    private async Task ReadAsync(
        IAsyncStreamReader<IngestMessage> messages, LaneIdentity lane, ChannelWriter<Task<IngestAnswer>> answers, CancellationToken cancellation)
    {
        try
        {
            await foreach (var message in messages.ReadAllAsync(cancellation))
            {
                await answers.WriteAsync(AcceptAsync(lane, message), cancellation);
            }

            answers.Complete();
        }
#pragma warning disable CA1031 // whatever ends the reading ends the answers: the lane would wait for them in vain
        catch (Exception error)
#pragma warning restore CA1031
        {
            answers.Complete(error); // the lane has gone, or what it sends is no message; what was taken in stays
        }
    }
}
