using System.Net;
using System.Text;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Google.Protobuf;
using Serilog.Events;
using Serilog.Parsing;

namespace Anpr.Hub.Tests.Ops;

/// <summary>Found by requests that were nonsense.</summary>
public sealed class MalformedRequestTests
{
    [Fact]
    public async Task Body_InACodeThatNobodyKnows_Is415AndNoFaultOfTheHub()
    {
        await using var hub = await RunningHub.StartAsync();
        using var supervisor = await hub.SignInAsync(Role.Supervisor);
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
        body.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-99");

        using var answer = await supervisor.PostAsync(new Uri("/api/v1/watchlist", UriKind.Relative), body, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task Stream_OfBytesThatAreNoFrame_Ends()
    {
        await using var hub = await RunningHub.StartAsync();
        using var certificate = await hub.EnrolAsync("calais", "calais-1");
        using var lane = new HttpClient(new SocketsHttpHandler { SslOptions = { ClientCertificates = [certificate], RemoteCertificateValidationCallback = (_, c, _, _) => c is not null } });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub.Grpc, "/anpr.v1.Ingest/Stream"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([7, 0, 0, 0, 1, 0]), // compressed flag 7
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        using var answer = await lane.SendAsync(request, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.NotEqual("0", (answer.Headers.TryGetValues("grpc-status", out var status) ? status : answer.TrailingHeaders.GetValues("grpc-status")).Single());
    }

    [Fact]
    public void Log_OfBytesThatAreNoMessage_IsLeftOut_AndOfAHubThatStumblesIsNot()
    {
        Assert.True(MalformedRequests.IsMalformedCall(Logged("Grpc.AspNetCore.Server.ServerCallHandler", Malformed())));
        Assert.True(MalformedRequests.IsMalformedCall(Logged("Grpc.AspNetCore.Server.ServerCallHandler", new IOException("Message too large") { Source = "Grpc.AspNetCore.Server" })));
        Assert.False(MalformedRequests.IsMalformedCall(Logged("Grpc.AspNetCore.Server.ServerCallHandler", new IOException("disk full") { Source = "anpr-hub" })));
        Assert.False(MalformedRequests.IsMalformedCall(Logged("Grpc.AspNetCore.Server.ServerCallHandler", new InvalidOperationException())));
        Assert.False(MalformedRequests.IsMalformedCall(Logged("Anpr.Hub.Ingest.Intake", Malformed())));
    }

    private static LogEvent Logged(string source, Exception error) =>
        new(TimeProvider.System.GetUtcNow(), LogEventLevel.Error, error, new MessageTemplate([new TextToken("x")]), [new LogEventProperty("SourceContext", new ScalarValue(source))]);

    private static InvalidProtocolBufferException Malformed() => Assert.Throws<InvalidProtocolBufferException>(() => Proto.V1.HeartbeatRequest.Parser.ParseFrom([0xFF]));
}
