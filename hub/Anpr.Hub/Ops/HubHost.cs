using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;
using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Hub.Web;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Serilog;
using Serilog.Events;

namespace Anpr.Hub.Ops;

/// <summary>Puts a hub together: its doors, its features, its endpoints.</summary>
public static class HubHost
{
    /// <summary>Builds a hub that is ready to start. Disposing the application closes the store.</summary>
    /// <param name="options">Where it keeps its data and listens.</param>
    /// <param name="server">The server's certificate with its private key.</param>
    /// <param name="time">The clock of every feature.</param>
    /// <exception cref="StoreInUseException">Another hub runs on this data folder.</exception>
    /// <exception cref="InputException">A file of the hub is damaged.</exception>
    public static WebApplication Build(HubOptions options, X509Certificate2 server, TimeProvider time)
    {
        var files = new HubFiles(options.Data);
        var settings = HubSettings.Load(files);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "anpr-hub", ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSerilog(log => log
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .MinimumLevel.Override("Grpc", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal) // a start that fails is told in one line by the command
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error) // the folder, mode 0700, guards the cookie keys
            .Filter.ByExcluding(MalformedRequests.IsMalformedCall)
            .WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: System.Globalization.CultureInfo.InvariantCulture));
        builder.WebHost.UseStaticWebAssets(); // run from a build as well as from a published folder
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options, files, server, settings.ConsoleCertificate()));

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(settings.Retention));
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(settings.Link));
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(settings.Score));
        builder.Services.AddFeatures(options);
        builder.Services.AddAccess(files, settings.Oidc);
        builder.Services.AddConsole();

        var app = builder.Build();
        // What is damaged is said at the start, not when a lane asks for it.
        app.Services.GetRequiredService<IStore>();
        app.Services.GetRequiredService<Intake>(); // what it learns anew is learnt before the first lane sends
        app.Services.GetRequiredService<SigningKey>();
        app.UseConsoleHeaders();
        app.UseRouting();
        app.UseDoors();
        app.UseKnownCharsets();
        app.UseGrpcWeb();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter(); // it counts by user
        app.UseOwnPagesOnly();
        app.UseAntiforgery();
        app.MapFeatures();
        app.MapAccess();
        app.MapConsole();
        return app;
    }

    /// <summary>Where a started hub listens: lanes and browsers, with the ports that it really took.</summary>
    public static (string Grpc, string Console) Addresses(IServer server)
    {
        // In the order in which Listen asks for them.
        var all = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToList();
        return (all[0], all[1]);
    }

    private static void Listen(KestrelServerOptions kestrel, HubOptions options, HubFiles files, X509Certificate2 server, X509Certificate2? console)
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(options.Grpc, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Mark(Listener.Lanes);
            listen.UseHttps(server, https =>
            {
                // A box that enrols has no certificate yet; who may call what is decided by each service.
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        });
        kestrel.Listen(options.Console, listen =>
        {
            listen.Mark(Listener.Console);
            if (options.ConsoleTls)
            {
                listen.UseHttps(console ?? server);
            }
        });
        if (options.Programs is { } programs)
        {
            // Without TLS nothing tells HTTP/2 from HTTP/1.1 on one port.
            kestrel.Listen(programs, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Mark(Listener.Console);
            });
        }

        File.Delete(files.Socket);
        kestrel.ListenUnixSocket(files.Socket, listen => listen.Mark(Listener.Admin));
    }
}
