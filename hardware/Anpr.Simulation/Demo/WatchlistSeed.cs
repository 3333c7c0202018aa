using System.Net.Http.Json;
using System.Web;

namespace Anpr.Simulation.Demo;

/// <summary>Puts the plan's watched vehicles on the hub's list as a supervisor would: signs in with a link, then uses the API.</summary>
internal static class WatchlistSeed
{
    /// <summary>Adds one entry per pattern.</summary>
    /// <exception cref="InputException">The hub refuses.</exception>
    public static async Task AddAsync(Uri console, string link, IReadOnlyList<(string Pattern, string Kind, string Display)> entries, TimeProvider clock, CancellationToken cancellation)
    {
        using var browser = new HttpClient { BaseAddress = console };
        var code = HttpUtility.ParseQueryString(new Uri(link).Query)["code"] ?? "";
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("code", code)]);
        using var signedIn = await browser.PostAsync(new Uri("/sign-in", UriKind.Relative), form, cancellation);
        await RefuseAsync(signedIn, "signing in", cancellation);
        foreach (var (pattern, kind, display) in entries)
        {
            using var answer = await browser.PostAsJsonAsync(
                new Uri("/api/v1/watchlist", UriKind.Relative),
                new { pattern, kind, priority = 1, display, reason = "DEMO:SEED", expires_at = clock.GetUtcNow().AddDays(1) },
                cancellation);
            await RefuseAsync(answer, "the watchlist", cancellation);
        }
    }

    private static async Task RefuseAsync(HttpResponseMessage answer, string what, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var words = (await answer.Content.ReadAsStringAsync(cancellation)).ReplaceLineEndings(" ");
            throw new InputException($"the hub refuses {what}: {(int)answer.StatusCode} {words[..Math.Min(words.Length, 200)]}");
        }
    }
}
