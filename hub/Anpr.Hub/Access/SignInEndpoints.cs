using System.Security.Claims;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Anpr.Hub.Access;

/// <summary>Signing in by a single-use link, by password or through an identity provider, choosing a password, and signing out.</summary>
internal static class SignInEndpoints
{
    /// <summary>A page of this site that leads on to the console.</summary>
    public const string Welcome = "/sign-in/welcome";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // Opening the link shows a page that posts the code: a preview of the link in a mail or chat program spends nothing.
        endpoints.MapGet("/sign-in", (string? code) => Page(code: code ?? "")).AllowAnonymous();
        endpoints.MapPost("/sign-in", ByLinkAsync).AllowAnonymous().DisableAntiforgery().RequireRateLimiting(RateLimits.Tries);
        endpoints.MapPost("/sign-in/password", ByPasswordAsync).AllowAnonymous().DisableAntiforgery().RequireRateLimiting(RateLimits.Tries);
        endpoints.MapGet(Welcome, () => Page(welcome: true)).AllowAnonymous();
        endpoints.MapPost("/sign-out", SignOutAsync).AllowAnonymous().DisableAntiforgery();
        endpoints.MapGet("/not-yours", () => Page(message: "Your role does not give access to that page.")).AllowAnonymous();

        // The session's cookie is sent with this site's own forms only, so nobody else can post here.
        endpoints.MapGet("/password", (HttpContext context, Users users) => PasswordPage(context, users, null)).RequireAuthorization();
        endpoints.MapPost("/password", SetPasswordAsync).RequireAuthorization().DisableAntiforgery().RequireRateLimiting(RateLimits.Tries);
        if (endpoints.ServiceProvider.GetRequiredService<SignInWays>().Provider is not null)
        {
            endpoints.MapGet("/sign-in/provider", () => Results.Challenge(new AuthenticationProperties { RedirectUri = Welcome }, [Oidc.Scheme])).AllowAnonymous();
            BackChannel.Map(endpoints);
        }
    }

    /// <summary>The page for whom nobody is signed in.</summary>
    public static RazorComponentResult<SignInPage> Page(string code = "", string? message = null, bool welcome = false, int? status = null) =>
        new(new { Code = code, Message = message, IsWelcome = welcome }) { StatusCode = status };

    /// <summary>What is said when the hub cannot write down who signs in.</summary>
    public static RazorComponentResult<SignInPage> Full() => Page(
        message: "The hub cannot record who signs in: its disk is full or fails. Tell your administrator, and try again when it is mended; ask for a new link when this one no longer works.",
        status: StatusCodes.Status503ServiceUnavailable);

    private static Task<IResult> ByLinkAsync([FromForm] string code, HttpContext context, Users users, Sessions sessions, AuditLog audit) =>
        SignInAsync(context, sessions, audit, "unknown", byLink: true, () => users.SpendAsync(code));

    // A name that is not known is not written down: it may be a password in the wrong field.
    private static Task<IResult> ByPasswordAsync([FromForm] string name, [FromForm] string password, HttpContext context, Users users, Sessions sessions, AuditLog audit) =>
        SignInAsync(context, sessions, audit, users.Find(name)?.Name ?? "unknown", byLink: false, () => users.SignInAsync(name, password));

    private static async Task<IResult> SignInAsync(HttpContext context, Sessions sessions, AuditLog audit, string who, bool byLink, Func<Task<User>> judge)
    {
        try
        {
            var user = await judge();
            audit.Append(user.Name, "session.begin", about: From(context), result: byLink ? "by link" : "by password");
            await context.SignInAsync(Sessions.Scheme, await sessions.BeginAsync(user, byLink));
            return Results.Redirect("/");
        }
        catch (InputException refused)
        {
            audit.Append(who, "session.refused", about: From(context), result: byLink ? "by link" : "by password");
            return Page(message: refused.Message, status: StatusCodes.Status403Forbidden);
        }
        catch (IOException)
        {
            return Full();
        }
    }

    private static async Task<IResult> SetPasswordAsync([FromForm] string current, [FromForm] string password, [FromForm] string again, HttpContext context, Users users, Sessions sessions, AuditLog audit)
    {
        var name = context.User.Identity!.Name!;
        try
        {
            if (users.Find(name) is not { Subject: null } user)
            {
                throw new InputException("Your identity provider keeps your password.");
            }

            if (password != again)
            {
                throw new InputException("The two new passwords differ. Type them again.");
            }

            if (AsksForCurrent(context.User, user))
            {
                await users.SignInAsync(name, current);
            }

            Passwords.Check(name, password);
            user = await audit.ChangeAsync(new(name, "user.password", name, Result: ""), () => users.SetPasswordAsync(name, password));
            await context.SignInAsync(Sessions.Scheme, await sessions.BeginAsync(user));
            return Results.Redirect("/");
        }
        catch (InputException refused)
        {
            return PasswordPage(context, users, refused.Message);
        }
        catch (IOException)
        {
            return Full();
        }
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, Sessions sessions, AuditLog audit)
    {
        if (context.User.Identity is { IsAuthenticated: true, Name: { } name })
        {
            await sessions.EndAsync(context.User);
            audit.Append(name, "session.end");
        }

        await context.SignOutAsync(Sessions.Scheme);
        return Results.Redirect("/sign-in");
    }

    private static RazorComponentResult<PasswordPage> PasswordPage(HttpContext context, Users users, string? fault)
    {
        var user = users.Find(context.User.Identity?.Name ?? "");
        return new(new { Name = user?.Name ?? "", Fault = fault, AsksForCurrent = user is not null && AsksForCurrent(context.User, user), IsElsewhere = user?.Subject is not null })
        {
            StatusCode = fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }

    // Whoever came by an administrator's link has shown who they are, and may have forgotten the old one.
    private static bool AsksForCurrent(ClaimsPrincipal who, User user) => user.Password is not null && !Sessions.BeganByLink(who);

    private static string From(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";
}
