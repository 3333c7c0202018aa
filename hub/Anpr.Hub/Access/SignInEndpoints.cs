using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Anpr.Hub.Access;

/// <summary>Signing in by a single-use link, and out.</summary>
internal static class SignInEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // Opening the link shows a page that posts the code: a preview of the link in a mail or chat program spends nothing.
        endpoints.MapGet("/sign-in", (string? code) => Page(code ?? "", null)).AllowAnonymous();
        endpoints.MapPost("/sign-in", SignInAsync).AllowAnonymous().DisableAntiforgery().RequireRateLimiting(TryLimit.Name);
        endpoints.MapPost("/sign-out", SignOutAsync).AllowAnonymous().DisableAntiforgery();
        endpoints.MapGet("/not-yours", () => Page("", "Your role does not give access to that page.")).AllowAnonymous();
    }

    private static async Task<IResult> SignInAsync([FromForm] string code, HttpContext context, Users users, Sessions sessions, AuditLog audit)
    {
        try
        {
            var user = users.Spend(code);
            audit.Append(user.Name, "session.begin", about: context.Connection.RemoteIpAddress?.ToString() ?? "");
            await context.SignInAsync(Sessions.Scheme, sessions.Begin(user));
            return Results.Redirect("/");
        }
        catch (InputException refused)
        {
            audit.Append("unknown", "session.refused", about: context.Connection.RemoteIpAddress?.ToString() ?? "");
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Page("", refused.Message);
        }
        catch (IOException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Page("", "The hub cannot record who signs in: its disk is full or fails. Tell your administrator, and try again when it is mended; ask for a new link when this one no longer works.");
        }
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, Sessions sessions, AuditLog audit)
    {
        if (context.User.Identity is { IsAuthenticated: true, Name: { } name })
        {
            sessions.End(context.User);
            audit.Append(name, "session.end");
        }

        await context.SignOutAsync(Sessions.Scheme);
        return Results.Redirect("/sign-in");
    }

    private static RazorComponentResult<SignInPage> Page(string code, string? message) => new(new { Code = code, Message = message });
}
