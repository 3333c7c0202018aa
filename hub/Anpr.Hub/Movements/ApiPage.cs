using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace Anpr.Hub.Movements;

/// <summary>
/// A plain page that lists the API's calls, made from the same description as the OpenAPI document. It loads nothing: neither
/// script nor font, so it works on a network without a way out and under the console's content policy.
/// </summary>
internal static class ApiPage
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}" +
        "code{font-family:ui-monospace,monospace}table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}" +
        "td,th{border-bottom:1px solid #8884;padding:.35rem .5rem;text-align:left;vertical-align:top}h2{font-size:1.05rem;margin:2rem 0 0}.m{display:inline-block;min-width:4.5rem;font-weight:700}";

    public static IResult Show(IApiDescriptionGroupCollectionProvider calls)
    {
        var page = new StringBuilder($"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Anpr hub API</title><style>{Style}</style>");
        page.Append("<h1>Anpr hub API</h1><p>Sign in with a link of <code>hub user link</code>; the session cookie does the rest. ");
        page.Append("Searches need <code>reason=CODE:REF</code> and are logged. Times are UTC, ISO 8601. ");
        page.Append($"For programs: <a href=\"{ApiSetup.Description}\">OpenAPI document</a>.</p>");
        var listed = calls.ApiDescriptionGroups.Items.SelectMany(g => g.Items).Where(c => c.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true);
        foreach (var call in listed.OrderBy(c => c.RelativePath, StringComparer.Ordinal).ThenBy(c => c.HttpMethod, StringComparer.Ordinal))
        {
            Append(page, call);
        }

        return Results.Content(page.Append("</html>").ToString(), "text/html; charset=utf-8");
    }

    private static void Append(StringBuilder page, ApiDescription call)
    {
        var summary = call.ActionDescriptor.EndpointMetadata.OfType<IEndpointSummaryMetadata>().FirstOrDefault()?.Summary ?? "";
        page.Append($"<h2><span class=\"m\">{Html(call.HttpMethod)}</span><code>/{Html(call.RelativePath)}</code></h2><p>{Html(summary)}</p>");
        var parameters = call.ParameterDescriptions.Where(p => p.Source.Id is "Query" or "Path").ToList();
        if (parameters.Count > 0)
        {
            page.Append("<table><tr><th>parameter<th>in<th>type");
            parameters.ForEach(p => page.Append($"<tr><td><code>{Html(p.Name)}</code><td>{Html(p.Source.Id.ToLowerInvariant())}<td>{Html((Nullable.GetUnderlyingType(p.Type) ?? p.Type).Name.ToLowerInvariant())}"));
            page.Append("</table>");
        }
    }

    private static string Html(string? text) => WebUtility.HtmlEncode(text ?? "");
}
