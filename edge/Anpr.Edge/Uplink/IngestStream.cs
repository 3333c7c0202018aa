using System.Collections.Concurrent;
using Anpr.Edge.Outbox;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Edge.Uplink;

/// <summary>One connection's life: sends what waits, oldest first, and settles what is answered.</summary>
internal sealed partial class IngestStream(Wire.Ingest.IngestClient client, PassageOutbox outbox, UplinkOptions options, TimeProvider time, ILogger log)
{
    private const int ReadAhead = 64;
    private readonly ConcurrentDictionary<long, long> _unanswered = new();

    /// <summary>Runs until the connection ends, which is never a success: it throws what ended it.</summary>
    /// <param name="answered">Called at each answer.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task RunAsync(Action answered, CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var window = new SemaphoreSlim(options.Window);
        using var call = client.Stream(cancellationToken: ended.Token);
        Task[] parts =
        [
            ReadAsync(call.ResponseStream, window, answered, ended.Token),
            SendAsync(call.RequestStream, window, ended.Token),
            WatchAsync(ended.Token),
        ];
        var first = await Task.WhenAny(parts);
        await ended.CancelAsync();
        try
        {
            await Task.WhenAll(parts);
        }
        catch (Exception) when (first.IsFaulted || !cancel.IsCancellationRequested)
        {
            // The others end with the cancellation; the first one says why.
        }

        await first;
        cancel.ThrowIfCancellationRequested();
        throw new RpcException(new Status(StatusCode.Unavailable, "the hub ended the stream"));
    }

    private async Task SendAsync(IClientStreamWriter<Wire.IngestMessage> requests, SemaphoreSlim window, CancellationToken cancel)
    {
        long cursor = 0;
        while (true)
        {
            var changed = outbox.Changed;
            var messages = outbox.After(cursor, ReadAhead);
            if (messages.Count == 0)
            {
                await changed.WaitAsync(cancel);
                continue;
            }

            foreach (var message in messages)
            {
                await window.WaitAsync(cancel);
                var wire = Wire.IngestMessage.Parser.ParseFrom(message.Body);
                wire.Sequence = (ulong)message.Sequence;
                _unanswered[message.Sequence] = time.GetTimestamp();
                await requests.WriteAsync(wire, cancel);
                cursor = message.Sequence;
            }
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<Wire.IngestAnswer> answers, SemaphoreSlim window, Action answered, CancellationToken cancel)
    {
        while (await answers.MoveNext(cancel))
        {
            var answer = answers.Current;
            if (!_unanswered.TryRemove((long)answer.Sequence, out _))
            {
                continue;
            }

            window.Release();
            Settle(answer);
            answered();
        }
    }

    private void Settle(Wire.IngestAnswer answer)
    {
        var sequence = (long)answer.Sequence;
        switch (answer.Outcome)
        {
            case Outcome.Stored or Outcome.Duplicate:
                outbox.Settle(sequence, Settlement.Acknowledged, "");
                break;
            case Outcome.Quarantined:
                LogQuarantined(log, sequence, answer.Reason);
                outbox.Settle(sequence, Settlement.Acknowledged, answer.Reason);
                break;
            case Outcome.Refused:
                LogRefused(log, sequence, answer.Reason);
                outbox.Settle(sequence, Settlement.Refused, answer.Reason);
                break;
            default:
                // A word of a newer hub: keep the message; it goes again with the next connection.
                LogUnknown(log, sequence, (int)answer.Outcome);
                break;
        }
    }

    /// <summary>A connection that takes messages and answers none is as good as dead.</summary>
    private async Task WatchAsync(CancellationToken cancel)
    {
        var patience = TimeSpan.FromSeconds(options.AnswerSeconds);
        using var timer = new PeriodicTimer(patience / 4, time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            if (_unanswered.Values.Any(sent => time.GetElapsedTime(sent) > patience))
            {
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"the hub left a message unanswered for {options.AnswerSeconds} s"));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hub quarantined message {Sequence}: {Reason}")]
    private static partial void LogQuarantined(ILogger log, long sequence, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Security: the hub refused message {Sequence} and it is kept aside: {Reason}")]
    private static partial void LogRefused(ILogger log, long sequence, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hub answered message {Sequence} with an outcome unknown here ({Outcome}); it will be sent again")]
    private static partial void LogUnknown(ILogger log, long sequence, int outcome);
}
