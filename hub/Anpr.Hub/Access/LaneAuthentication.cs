using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Anpr.Hub.Access;

/// <summary>Tells lanes by their client certificate. What TLS let through is checked here, so that a refusal can say why.</summary>
internal sealed class LaneAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Authority authority,
    Lanes lanes,
    LaneConnections connections,
    TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string SchemeName = "lane";

    private string fault = "this call needs a lane's certificate. Enrol the lane with `lane enrol`.";

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Connection.ClientCertificate is not { } certificate)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        using var trusted = authority.Certificate;
        var lane = LaneCertificate.Check(certificate, trusted, time.GetUtcNow(), out fault);
        if (lane is not null)
        {
            fault = lanes.Fault(lane, certificate.SerialNumber) ?? "";
        }

        if (lane is null || fault.Length > 0)
        {
            return Task.FromResult(AuthenticateResult.Fail(fault));
        }

        connections.Watch(lane, new DateTimeOffset(certificate.NotAfter), Context);
        var claims = new[] { new Claim(LaneIdentity.PortClaim, lane.Port), new Claim(LaneIdentity.LaneClaim, lane.Lane) };
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName)));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Refuse("16"); // UNAUTHENTICATED
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Refuse("7"); // PERMISSION_DENIED
        return Task.CompletedTask;
    }

    // A trailers-only gRPC answer: the client sees status and words instead of a bare HTTP 401.
    private void Refuse(string status)
    {
        Response.StatusCode = StatusCodes.Status200OK;
        Response.ContentType = "application/grpc";
        Response.Headers["grpc-status"] = status;
        Response.Headers["grpc-message"] = Uri.EscapeDataString(fault);
    }
}
