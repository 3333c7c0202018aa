using System.Text.RegularExpressions;
using Anpr.Hub.Access;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Web;

/// <summary>Pictures for pages, by the hash of their bytes: what a page shows under a plate cannot be another picture.</summary>
internal static partial class PictureEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/pictures/{sha256}", Picture).RequireAuthorization(Policies.Officer);

    private static IResult Picture(string sha256, string? ticket, IStore store, PictureTickets tickets, HttpContext context)
    {
        if (!Hash().IsMatch(sha256) || !tickets.Admits(ticket, context.User.Identity?.Name ?? "", sha256) || store.Picture(sha256) is not { } bytes)
        {
            return Results.NotFound();
        }

        // Kept by the page's own browser for a while only: it is personal data on a shared desk.
        context.Response.Headers.CacheControl = "private, max-age=600, immutable";
        return Results.Bytes(bytes, "image/jpeg");
    }

    [GeneratedRegex("^[0-9a-f]{64}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Hash();
}
