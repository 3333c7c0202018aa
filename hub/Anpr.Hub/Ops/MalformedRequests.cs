using Google.Protobuf;
using Microsoft.Net.Http.Headers;
using Serilog.Core;
using Serilog.Events;

namespace Anpr.Hub.Ops;

/// <summary>What strangers send that is no request: they are answered so, and it is no fault of the hub that its log would tell.</summary>
internal static class MalformedRequests
{
    /// <summary>Answers 415 to a body whose characters are in a code that nobody knows. What reads bodies has no answer for it.</summary>
    public static IApplicationBuilder UseKnownCharsets(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.Charset.HasValue || type.Encoding is not null)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return context.Response.WriteAsJsonAsync(new { error = "The charset of Content-Type is unknown. Send UTF-8." });
    });

    /// <summary>True for a call whose bytes are no message of gRPC. The library would log each with two stack traces, as if the hub had stumbled:
    /// whoever is let in to the port could fill the disk.</summary>
    public static bool IsMalformedCall(LogEvent logged) =>
        logged.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source) && source.ToString().StartsWith("\"Grpc.", StringComparison.Ordinal)
        && logged.Exception is InvalidProtocolBufferException or InvalidDataException or IOException { Source: "Grpc.AspNetCore.Server" } or InvalidOperationException { Source: "Grpc.AspNetCore.Web" };
}
