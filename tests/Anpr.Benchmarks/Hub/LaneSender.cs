using System.Collections.Concurrent;
using System.Diagnostics;
using Anpr.Proto.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Benchmarks.Hub;

/// <summary>One lane that sends sightings over its own stream, no more than its window ahead of the answers.</summary>
internal sealed class LaneSender : IAsyncDisposable
{
    /// <summary>Seconds whose messages are not counted.</summary>
    public const int WarmUp = 10;

    private const int Window = 256;

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<IngestMessage, IngestAnswer> _call;
    // What is sent while programs are still being compiled says nothing of the time after.
    private readonly long _counted = Stopwatch.GetTimestamp() + (WarmUp * Stopwatch.Frequency);
    private readonly ConcurrentQueue<long> _sentAt = new();
    private readonly SemaphoreSlim _room = new(Window);
    private readonly Task _reading;
    private ulong _sequence;

    public LaneSender(GrpcChannel channel)
    {
        _channel = channel;
        _call = new Proto.V1.Ingest.IngestClient(channel).Stream();
        _reading = ReadAsync();
    }

    /// <summary>Milliseconds from sending to the answer, of each message after the warm-up.</summary>
    public ConcurrentBag<double> Latencies { get; } = [];

    /// <summary>Answers that were not "stored".</summary>
    public int Refused { get; private set; }

    /// <summary>Sends when there is room in the window.</summary>
    public async Task SendAsync(Sighting sighting, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation);
        _sentAt.Enqueue(Stopwatch.GetTimestamp());
        await _call.RequestStream.WriteAsync(new IngestMessage { Sequence = ++_sequence, Sighting = sighting }, CancellationToken.None);
    }

    /// <summary>Ends the stream and waits for the answers.</summary>
    public async Task CompleteAsync()
    {
        await _call.RequestStream.CompleteAsync();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await _channel.ShutdownAsync();
        _channel.Dispose();
        _room.Dispose();
    }

    private async Task ReadAsync()
    {
        await foreach (var answer in _call.ResponseStream.ReadAllAsync())
        {
            _sentAt.TryDequeue(out var sent);
            if (sent > _counted)
            {
                Latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }

            Refused += answer.Outcome == Outcome.Stored ? 0 : 1;
            _room.Release();
        }
    }
}
