using System.Collections.Concurrent;
using System.Net;
using Anpr.Proto.V1;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Anpr.Benchmarks.Fuzz.Requests;

/// <summary>Asks a hub nonsense at all its doors, and notes what it should not have answered. What it logs is heard by <see cref="ErrorLog"/>. One number, one request: any seed can be run again.</summary>
internal sealed class RequestFuzz
{
    /// <summary>Routes that answer whoever asks: enough to sign in, and to see whether the hub lives. Pages' parts (/_framework, /_content, ...) hold nothing.</summary>
    private static readonly string[] Open = ["/health", "/sign-in", "/sign-in/password", "/sign-in/welcome", "/sign-out", "/not-yours", "/authority.pem", "/anpr.v1.Enrolment/Enrol"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(30);

    private readonly FuzzTarget _target;
    private readonly Callers _callers;
    private readonly RestRequests _rest;
    private readonly GrpcRequests _grpc;
    private readonly HashSet<string> _anonymous;
    private int _stored;

    /// <param name="target">The hub.</param>
    /// <param name="callers">Who asks.</param>
    public RequestFuzz(FuzzTarget target, Callers callers)
    {
        (_target, _callers) = (target, callers);
        var endpoints = target.Hub.GetRequiredService<EndpointDataSource>().Endpoints;
        _rest = new RestRequests(endpoints.Where(e => e.Metadata.GetMetadata<GrpcMethodMetadata>() is null), target.Known);
        _grpc = new GrpcRequests(endpoints, target.Known);
        _anonymous = [.. Open];
    }

    /// <summary>Routes and methods that are asked.</summary>
    public int Surface => _rest.Routes.Count + _grpc.Methods.Count;

    /// <summary>What should not have happened, with the number of its request.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>How often each status was answered: of HTTP, or of gRPC by name.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages of lanes that were answered as stored.</summary>
    public int Stored => _stored;

    /// <summary>Sends the requests from one number up to another.</summary>
    /// <param name="seed">Another seed, other requests.</param>
    /// <param name="from">First number.</param>
    /// <param name="count">How many.</param>
    /// <param name="atOnce">Requests under way at a time.</param>
    /// <param name="cancellation">Ends it between two requests.</param>
    public Task RunAsync(int seed, int from, int count, int atOnce, CancellationToken cancellation) => Parallel.ForEachAsync(
        Enumerable.Range(from, count),
        new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation },
        async (index, stop) => await OneAsync(index, new Random(unchecked((seed * 1_000_003) + index)), stop));

    private async Task OneAsync(int index, Random random, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        await ((index % 10) switch
        {
            < 6 => RestAsync((index / 10 * 6) + (index % 10), index, random, patience.Token),
            9 when random.Next(3) == 0 => RawAsync(index, random, patience.Token),
            _ => GrpcAsync(index, random, patience.Token),
        });
    }

    private async Task RestAsync(int turn, int index, Random random, CancellationToken stop)
    {
        var (request, route) = _rest.Of(turn, random);
        using (request)
        {
            var (of, who) = _callers.Sign(request, random);
            if (of == Callers.Credentials.Good && route.RoutePattern.RawText is { } raw && raw.EndsWith("/erasures", StringComparison.Ordinal))
            {
                return; // an administrator may erase, and about one request in 300,000 is whole: what went then went rightly
            }

            var door = random.Next(20) == 0 ? random.Next(2) == 0 ? _target.Stranger : _target.Lane : _target.Browser;
            if (door != _target.Browser)
            {
                request.Version = HttpVersion.Version20;
            }

            using var answer = await SendAsync(door, request, index, stop);
            if (answer is null)
            {
                return;
            }

            var status = (int)answer.StatusCode;
            Count(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (status >= 500)
            {
                Faults.Enqueue($"{index}: {request.Method} {request.RequestUri} of {route.RoutePattern.RawText}: {status}");
            }

            if (status is >= 200 and < 300 && of != Callers.Credentials.Good && !IsOpen(request.RequestUri!, route))
            {
                Faults.Enqueue($"{index}: {request.Method} {request.RequestUri} with {of} credentials: {status}");
            }

            if (answer.StatusCode == HttpStatusCode.Unauthorized && who is not null)
            {
                await _callers.SignInAsync(who); // it was signed out, as it may be
            }

            await HearAsync(answer, IsEndless(route), $"{index}: {request.Method} {request.RequestUri}", stop);
        }
    }

    private async Task GrpcAsync(int index, Random random, CancellationToken stop)
    {
        var method = _grpc.Methods[random.Next(_grpc.Methods.Count)];
        var web = random.Next(3) == 0;
        using var request = _grpc.Of(method, web, random);
        var door = web ? _target.Browser : random.Next(4) switch { 0 => _target.Stranger, 1 => _target.Forger, _ => _target.Lane };
        var good = door == _target.Lane;
        if (web)
        {
            good = _callers.Sign(request, random).Of == Callers.Credentials.Good;
        }
        else
        {
            request.Version = HttpVersion.Version20;
        }

        using var answer = await SendAsync(door, request, index, stop);
        if (answer is null)
        {
            return;
        }

        if ((int)answer.StatusCode >= 500)
        {
            Faults.Enqueue($"{index}: {method.FullName}: HTTP {(int)answer.StatusCode}");
        }

        var bytes = await HearAsync(answer, good && method.Type == MethodType.ServerStreaming, $"{index}: {method.FullName}", stop);
        var status = Status(answer, bytes);
        Count(status?.ToString() ?? $"{(int)answer.StatusCode}");
        var open = _anonymous.Contains(method.FullName);
        // Bytes that are no message are answered UNKNOWN by the library; a handler that stumbles is in the log.
        if (status == StatusCode.OK && !good && !open)
        {
            Faults.Enqueue($"{index}: {method.FullName} {(good ? "" : "without credentials ")}: {status} {Header(answer, "grpc-message")}");
        }

        if (method.FullName == "/anpr.v1.Ingest/Stream" && good)
        {
            Interlocked.Add(ref _stored, GrpcRequests.Messages(bytes).Count(m => IngestAnswer.Parser.ParseFrom(m).Outcome == IngestAnswer.Types.Outcome.Stored));
        }
    }

    private async Task RawAsync(int index, Random random, CancellationToken stop)
    {
        var answer = await RawWire.SendAsync(random.Next(2) == 0 ? _target.Console : _target.Grpc, random, stop);
        Count("raw");
        if (answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal)) // 505: another version of HTTP
        {
            Faults.Enqueue($"{index}: raw bytes: {answer.Split('\r')[0]}");
        }
    }

    private async Task<HttpResponseMessage?> SendAsync(HttpClient door, HttpRequestMessage request, int index, CancellationToken stop)
    {
        try
        {
            return await door.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (OperationCanceledException)
        {
            Faults.Enqueue($"{index}: {request.Method} {request.RequestUri}: no answer within {Patience.TotalSeconds} s");
            return null;
        }
        catch (HttpRequestException)
        {
            Count("hung up"); // a body that is too long is not heard to its end
            return null;
        }
        catch (Exception error) when (error is FormatException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            Count("not sent"); // the client itself refuses: it would be no request
            return null;
        }
    }

    private async Task<byte[]> HearAsync(HttpResponseMessage answer, bool endless, string what, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (endless)
        {
            enough.CancelAfter(Glance);
        }

        using var bytes = new MemoryStream();
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(enough.Token);
            await body.CopyToAsync(bytes, enough.Token);
        }
        catch (OperationCanceledException) when (endless)
        {
            // it has no end
        }
        catch (OperationCanceledException)
        {
            Faults.Enqueue($"{what}: its answer does not end");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            Count("cut");
        }

        return bytes.ToArray();
    }

    private static StatusCode? Status(HttpResponseMessage answer, byte[] bytes)
    {
        var text = Header(answer, "grpc-status");
        if (text.Length == 0)
        {
            var end = System.Text.Encoding.ASCII.GetString(bytes.AsSpan(Math.Max(0, bytes.Length - 400)));
            text = end.IndexOf("grpc-status:", StringComparison.Ordinal) is >= 0 and var at ? new string([.. end[(at + 12)..].Trim().TakeWhile(char.IsAsciiDigit)]) : "";
        }

        return int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var status) ? (StatusCode)status : null;
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var first) || answer.TrailingHeaders.TryGetValues(name, out first) ? first.First() : "";

    private bool IsOpen(Uri address, RouteEndpoint route)
    {
        var path = address.IsAbsoluteUri ? address.AbsolutePath : address.OriginalString;
        return _anonymous.Contains(path.TrimEnd('/')) || route.Metadata.Any(m => m.GetType().Name == "StaticAssetDescriptor") || path.StartsWith("/_framework/", StringComparison.Ordinal);
    }

    private static bool IsEndless(RouteEndpoint route) => route.RoutePattern.RawText is { } raw && (raw.EndsWith("/stream", StringComparison.Ordinal) || raw.StartsWith("/_blazor", StringComparison.Ordinal));

    private void Count(string answer) => Answers.AddOrUpdate(answer, 1, (_, n) => n + 1);
}
