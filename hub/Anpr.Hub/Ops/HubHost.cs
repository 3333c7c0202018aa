using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;
using Anpr.Hub.Ingest;
using Anpr.Hub.Retention;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;
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
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "anpr-hub", ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSerilog(log => log
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .MinimumLevel.Override("Grpc", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal) // a start that fails is told in one line by the command
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error) // the folder, mode 0700, guards the cookie keys
            .WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: System.Globalization.CultureInfo.InvariantCulture));
        builder.WebHost.UseStaticWebAssets(); // run from a build as well as from a published folder
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options, server));

        RetentionOptions.AddFile(builder.Configuration, options.Data);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddFeatures(options);
        builder.Services.AddAccess(new HubFiles(options.Data));
        builder.Services.AddConsole();

        var app = builder.Build();
        // What is damaged is said at the start, not when a lane asks for it.
        RetentionOptions.Check(app.Services, options.Data);
        app.Services.GetRequiredService<IStore>();
        app.Services.GetRequiredService<Intake>(); // what it learns anew is learnt before the first lane sends
        app.Services.GetRequiredService<DeltaSigner>();
        app.UseConsoleHeaders();
        app.UseRouting();
        app.UseDoors();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapFeatures();
        app.MapAccess();
        app.MapConsole();
        return app;
    }

    /// <summary>Where a started hub listens: lanes (https) and browsers (http), with the ports that it really took.</summary>
    public static (string Grpc, string Console) Addresses(WebApplication app)
    {
        var all = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return (
            all.First(a => a.StartsWith("https:", StringComparison.Ordinal)),
            all.First(a => a.StartsWith("http:", StringComparison.Ordinal) && !a.StartsWith("http://unix:", StringComparison.Ordinal)));
    }

    private static void Listen(KestrelServerOptions kestrel, HubOptions options, X509Certificate2 server)
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
        kestrel.Listen(options.Console, listen => listen.Mark(Listener.Console));
        File.Delete(options.Socket);
        kestrel.ListenUnixSocket(options.Socket, listen => listen.Mark(Listener.Admin));
    }
}
