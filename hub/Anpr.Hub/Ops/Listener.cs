using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Anpr.Hub.Ops;

/// <summary>The three doors of a hub. An endpoint answers at one of them only; without <c>At</c> it is the console's.</summary>
public enum Listener
{
    /// <summary>Browsers and the REST API, HTTP.</summary>
    Console,

    /// <summary>Lanes, gRPC over TLS; the client certificate is optional at TLS and checked by each service.</summary>
    Lanes,

    /// <summary>Administrative commands over the Unix socket in the data folder, whose file mode is 0600.</summary>
    Admin,
}

/// <summary>Keeps each endpoint at its own door.</summary>
public static class ListenerRouting
{
    /// <summary>Lets these endpoints answer at one door only.</summary>
    public static TBuilder At<TBuilder>(this TBuilder endpoints, Listener listener)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint => endpoint.Metadata.Add(new Door(listener)));
        return endpoints;
    }

    /// <summary>Marks every connection of this Kestrel endpoint with its door.</summary>
    internal static void Mark(this ListenOptions options, Listener listener) =>
        options.Use(next => connection =>
        {
            connection.Features.Set(new Door(listener));
            return next(connection);
        });

    /// <summary>Answers 404 where an endpoint was called at another door. Goes right after routing.</summary>
    internal static IApplicationBuilder UseDoors(this IApplicationBuilder app) =>
        app.Use(next => context =>
        {
            var wanted = context.GetEndpoint()?.Metadata.GetMetadata<Door>()?.Listener ?? Listener.Console;
            var came = context.Features.Get<Door>()?.Listener ?? Listener.Console;
            if (wanted == came)
            {
                return next(context);
            }

            context.SetEndpoint(null);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });

    private sealed record Door(Listener Listener);
}
