using Anpr.Edge.Uplink;
using Grpc.Core;

namespace Anpr.Edge.Tests.Uplink;

public sealed class HubFaultTests
{
    /// <summary>What a lane sees of a hub that stops, when the connection's end comes before the hub's words are read.</summary>
    [Fact]
    public void IsAway_ConnectionEndedUnderAStream_IsAwayAndSaidSo()
    {
        foreach (var cause in new Exception[] { new HttpProtocolException(0, "The HTTP/2 server closed the connection.", null), new HttpIOException(HttpRequestError.ResponseEnded) })
        {
            var fault = new RpcException(new Status(StatusCode.Internal, "Error reading next message.", cause));

            Assert.True(HubFault.IsAway(fault));
            Assert.Contains("it closed the connection", HubFault.Words(fault), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void IsAway_AnotherInternalError_IsAFaultOfItsOwn()
    {
        foreach (var cause in new Exception?[] { null, new HttpProtocolException(1, "protocol error", null), new InvalidOperationException() })
        {
            var fault = new RpcException(new Status(StatusCode.Internal, "broken", cause));

            Assert.False(HubFault.IsAway(fault));
            Assert.Equal("The hub answered Internal: broken.", HubFault.Words(fault));
        }
    }
}
