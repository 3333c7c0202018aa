using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Anpr.Hub.Access;

/// <summary>The cookie of a session, and what is said to somebody without one.</summary>
internal static class SessionCookie
{
    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "anpr-session";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Sessions.Longest;
        options.SlidingExpiration = false;
        options.LoginPath = "/sign-in";
        options.AccessDeniedPath = "/not-yours";
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnRedirectToLogin = context => AnswerAsync(context, StatusCodes.Status401Unauthorized, "Sign in first, or send a key: Authorization: Bearer anpr_...");
        options.Events.OnRedirectToAccessDenied = context => AnswerAsync(context, StatusCodes.Status403Forbidden, "Your role does not give access to this.");
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        if (context.Principal is null || !sessions.IsGood(context.Principal))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Sessions.Scheme);
        }
        else if (IsUse(context.Request))
        {
            sessions.Used(context.Principal);
        }
    }

    /// <summary>
    /// Refuses what another page makes a signed-in browser change: the cookie's SameSite tells sites apart, and neither ports of one machine nor
    /// names below one domain. Programs send no such header.
    /// </summary>
    public static void UseOwnPagesOnly(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var from = context.Request.Headers["Sec-Fetch-Site"].ToString();
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (reads || from is "" or "same-origin" or "none" || context.User.Identity?.AuthenticationType != Sessions.Scheme)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(new { error = "Another site's page may not change anything here." });
    });

    // Pictures that a live page fetches by itself do not keep its session alive.
    private static bool IsUse(HttpRequest request) =>
        request.Headers["Sec-Fetch-Mode"] == "navigate" || (request.Path.StartsWithSegments("/api") && !request.Path.StartsWithSegments("/api/pictures"))
        || request.Path.StartsWithSegments("/anpr.v1.MovementsService");

    // Programs get a status and words; a browser that opens a page is led on.
    private static Task AnswerAsync(RedirectContext<CookieAuthenticationOptions> context, int status, string words)
    {
        if (!context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsJsonAsync(new { error = words });
        }

        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }
}
