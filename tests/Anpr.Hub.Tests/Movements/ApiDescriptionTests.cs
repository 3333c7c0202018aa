using System.Text.Json;
using System.Text.RegularExpressions;
using Anpr.Hub.Access;
using Anpr.Hub.Movements;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Anpr.Hub.Tests.Movements;

/// <summary>What the API says of itself, against the routes that it really has.</summary>
public sealed partial class ApiDescriptionTests : IAsyncLifetime
{
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync();

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Document_OfOpenApi_HasEveryRouteWithItsAnswers_AndNoOther()
    {
        var officer = await hub.SignInAsync(Role.Officer);
        var paths = JsonDocument.Parse(await officer.GetStringAsync(new Uri(ApiSetup.Description, UriKind.Relative), TestContext.Current.CancellationToken)).RootElement.GetProperty("paths");
        var described = paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (Route: $"{o.Name.ToUpperInvariant()} {p.Name}", Answers: o.Value.GetProperty("responses")))).ToDictionary(o => o.Route, o => o.Answers);

        Assert.Equal(Routes().Order(StringComparer.Ordinal), described.Keys.Order(StringComparer.Ordinal));
        Assert.All(described, route =>
        {
            var answers = route.Value.EnumerateObject().ToDictionary(a => a.Name, a => a.Value);
            Assert.True(answers.Any(a => a.Key is "200" && a.Value.TryGetProperty("content", out _)) || answers.ContainsKey("204"), $"{route.Key}: says nothing of a good answer");
            Assert.All(["400", "401", "403", "429", "503"], code => Assert.True(answers.ContainsKey(code), $"{route.Key}: does not say when it answers {code}"));
        });
    }

    [Fact]
    public void Document_ForReaders_HasEveryRoute_AndNoOther()
    {
        var written = Written().Matches(File.ReadAllText(Path.Combine(Root(), "docs", "api.md"))).Select(m => m.Groups["route"].Value).ToHashSet();

        Assert.Empty(Routes().Except(written));
        Assert.Empty(written.Except(Routes()).Except(["GET /api/v1/openapi.json", "GET /api/v1/docs"]));
    }

    private List<string> Routes() => [.. ((IEndpointRouteBuilder)hub.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("api/v1/", StringComparison.Ordinal) && e.RoutePattern.RawText is not ("/api/v1/docs" or "/api/v1/{documentName}.json"))
        .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} /{e.RoutePattern.RawText!.TrimStart('/')}"))];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Anpr.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests are not run from within the repository");
        }

        return folder.FullName;
    }

    [GeneratedRegex("`(?<route>(?:GET|PUT|POST|DELETE) /api/v1/[A-Za-z0-9_/{}.-]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Written();
}
