using System.Security.Authentication;
using Grpc.Core;

namespace Anpr.Edge.Uplink;

/// <summary>What went wrong with the hub, in one sentence with the cure.</summary>
internal static class HubFault
{
    /// <summary>
    /// Whether it is the connection's fault, which the heartbeat tells. A hub that stops ends its streams and then the connection; when the
    /// connection's end is seen first, the client calls it an internal error.
    /// </summary>
    public static bool IsAway(Exception e) =>
        e is OperationCanceledException or HttpRequestException or RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Cancelled } || ClosedUnderTheCall(e);

    /// <summary>The sentence for an exception of a call.</summary>
    public static string Words(Exception e) => e switch
    {
        RpcException { StatusCode: StatusCode.Unauthenticated or StatusCode.PermissionDenied } r =>
            $"The hub does not accept this lane's certificate ({r.Status.Detail}). Enrol it again: `./anpr lane enrol --force` with a new token.",
        _ when Find<AuthenticationException>(e) is { } a =>
            $"The hub's certificate is not trusted or does not bear the name dialled ({a.Message.ReplaceLineEndings(" ").TrimEnd('.')}). Check Hub.Addresses, or enrol with this hub.",
        RpcException { StatusCode: StatusCode.Unavailable } r => $"The hub cannot be reached: {Plain(r)}. Check the network and that `./anpr hub run` runs there.",
        RpcException when ClosedUnderTheCall(e) => "The hub cannot be reached: it closed the connection. Check that `./anpr hub run` runs there.",
        RpcException { StatusCode: StatusCode.DeadlineExceeded } r => $"The hub does not answer: {r.Status.Detail}.",
        OperationCanceledException => "The hub does not answer in time.",
        RpcException r => $"The hub answered {r.StatusCode}: {r.Status.Detail}.",
        HttpRequestException => $"The hub cannot be reached: {e.Message.TrimEnd('.')}.",
        _ => $"This box failed at it: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. It is tried again; check the data folder's disk.",
    };

    private static bool ClosedUnderTheCall(Exception e) => Find<HttpIOException>(e) is HttpProtocolException { ErrorCode: 0 } or { HttpRequestError: HttpRequestError.ResponseEnded };

    private static string Plain(RpcException e) => (Find<System.Net.Sockets.SocketException>(e)?.Message ?? e.Status.Detail).TrimEnd('.');

    private static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e is RpcException { Status.DebugException: { } debug } ? debug : e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }

        return null;
    }
}
