using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Anpr.Benchmarks.Hub;

/// <summary>Officers who follow alerts, each over a connection of their own.</summary>
internal sealed class Subscribers(HttpClient client) : IDisposable
{
    private readonly long _counted = Stopwatch.GetTimestamp() + (LaneSender.WarmUp * Stopwatch.Frequency);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, long> _sent = new(StringComparer.Ordinal);
    private readonly List<Task> _following = [];

    /// <summary>Milliseconds from the sending of a sighting to each officer's alert.</summary>
    public ConcurrentBag<double> Latencies { get; } = [];

    /// <summary>Sightings after the warm-up that are to alert.</summary>
    public int Expected => _sent.Count;

    /// <summary>Connects them; all listen when this is done.</summary>
    public async Task StartAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var answer = await client.GetAsync(new Uri("/api/v1/alerts/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, _end.Token);
            answer.EnsureSuccessStatusCode();
            _following.Add(FollowAsync(answer));
        }
    }

    /// <summary>Notes that a sighting which is to alert goes out now.</summary>
    public void Sending(string sighting)
    {
        if (Stopwatch.GetTimestamp() > _counted)
        {
            _sent[sighting] = Stopwatch.GetTimestamp();
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        Task.WaitAll([.. _following]);
        _end.Dispose();
        client.Dispose();
    }

    private async Task FollowAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(_end.Token));
            try
            {
                while (await lines.ReadLineAsync(_end.Token) is { } line)
                {
                    if (line.StartsWith("data:", StringComparison.Ordinal))
                    {
                        var at = Stopwatch.GetTimestamp();
                        using var alert = JsonDocument.Parse(line[5..]);
                        if (_sent.TryGetValue(alert.RootElement.GetProperty("sightings")[0].GetString()!, out var sent))
                        {
                            Latencies.Add(Stopwatch.GetElapsedTime(sent, at).TotalMilliseconds);
                        }
                    }
                }
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                // the run is over
            }
        }
    }
}
