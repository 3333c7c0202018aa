using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Anpr.Hub.Access;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;

namespace Anpr.Hub.Ops;

/// <summary><c>hub run</c>: the hub itself, until it is stopped.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var grpc = new Option<string>("--grpc") { Description = "where lanes connect", HelpName = "HOST:PORT", DefaultValueFactory = _ => "0.0.0.0:8443" };
        var console = new Option<string>("--console") { Description = "where browsers and the API connect; plain http:// on this machine only", HelpName = "https://HOST:PORT", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        var programs = new Option<string?>("--h2c") { Description = "where programs on this machine ask over plain HTTP/2, as gRPC needs it; https:// consoles speak it themselves (default: nowhere)", HelpName = "HOST:PORT" };
        var store = StoreOption.Create();
        var json = new Option<bool>("--json") { Description = "one JSON event a line on stdout (docs/json.md)" };
        var command = new Command("run", "runs the hub until it is stopped") { data, grpc, console, programs, store, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (address, tls) = Address.ParseConsole("--console", parsed.GetRequiredValue(console));
            var options = new HubOptions(parsed.GetRequiredValue(data), Address.Parse("--grpc", parsed.GetRequiredValue(grpc)), address, parsed.GetValue(store), parsed.GetValue(json))
            {
                ConsoleTls = tls,
                Programs = parsed.GetValue(programs) is { } h2c ? Address.ParseLocal("--h2c", h2c) : null,
            };
            return await RunAsync(options, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(HubOptions options, CancellationToken cancellation)
    {
        var files = new HubFiles(options.Data);
        using var authority = Authority.Load(files);
        using var held = await HubLock.TakeAsync(files, TimeProvider.System, cancellation);
        using var server = HubIdentity.Server(files, authority, TimeProvider.System);
        await using var app = HubHost.Build(options, server, TimeProvider.System);
        var interrupted = false;
        using var ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => interrupted = true);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            throw new InputException($"{error.Message.TrimEnd('.')}. Stop the other program, or listen elsewhere with --grpc, --console or --h2c.", error);
        }
        catch (SocketException error)
        {
            throw Address.Refused(error, [("--grpc", options.Grpc), ("--console", options.Console), .. options.Programs is { } h2c ? [("--h2c", h2c)] : Array.Empty<(string, System.Net.IPEndPoint)>()]);
        }

        var (grpc, console) = HubHost.Addresses(app.Services.GetRequiredService<IServer>());
        System.Console.Out.WriteLine(options.Json
            ? JsonEvents.Ready(TimeProvider.System.GetUtcNow(), grpc, console)
            : $"The hub answers lanes at {grpc} and browsers at {console}. Stop it with Ctrl-C.");
        await app.WaitForShutdownAsync(cancellation);
        return interrupted ? CommandLine.Interrupted : 0;
    }
}
