using System.Security.Cryptography;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Proto;
using Anpr.Proto.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Anpr.Hub.Access;

/// <summary>Gives a lane box its certificate for a one-time token. The only service that is open to a caller without one.</summary>
internal sealed partial class EnrolmentService(Authority authority, Lanes lanes, HubFiles files, AuditLog audit, TimeProvider time, ILogger<EnrolmentService> logger)
    : Enrolment.EnrolmentBase
{
    private const int MaxBoxName = 100;

    /// <inheritdoc/>
    public override async Task<EnrolAnswer> Enrol(EnrolRequest request, ServerCallContext context)
    {
        var box = new string([.. request.Box.Where(c => !char.IsControl(c)).Take(MaxBoxName)]);
        try
        {
            var secret = EnrolmentToken.TryParse(request.Token, out var token) ? token.Secret : request.Token;
            var lane = await lanes.SpendAsync(secret);
            using var certificate = authority.IssueLane(request.CsrDer.ToByteArray(), lane, time.GetUtcNow());
            audit.Append($"lane:{lane}", "lane.enrol", about: lane.ToString(), result: $"certificate {certificate.SerialNumber} for box '{box}'");
            await lanes.EnrolledAsync(lane, certificate, box);
            LogEnrolled(logger, lane.Port, lane.Lane, box);
            return new EnrolAnswer
            {
                CertificatePem = certificate.ExportCertificatePem(),
                AuthorityPem = authority.Pem,
                Port = lane.Port,
                Lane = lane.Lane,
                WatchlistKey = ByteString.CopyFrom(WatchlistPublicKey()),
            };
        }
        catch (InputException refused)
        {
            LogRefused(logger, box, context.Peer, refused.Message);
            audit.Append("lane:unknown", "lane.enrol", about: box, result: $"refused: {refused.Message}");
            throw new RpcException(new Status(StatusCode.PermissionDenied, refused.Message));
        }
    }

    private byte[] WatchlistPublicKey()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(files.WatchlistKey));
        return key.ExportSubjectPublicKeyInfo();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Lane {Port}/{Lane} enrolled by box {Box}")]
    private static partial void LogEnrolled(ILogger logger, string port, string lane, string box);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Enrolment of box {Box} from {Peer} refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string box, string peer, string reason);
}
