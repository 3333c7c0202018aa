using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Anpr.Hub.Tests;

/// <summary>The hub as a program of its own, beside this test.</summary>
internal sealed class HubProcess : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> errors = new();

    private HubProcess(Process process) => this.process = process;

    /// <summary>Where browsers connect, once it runs.</summary>
    public Uri Console { get; private set; } = null!;

    /// <summary>What it has logged.</summary>
    public IReadOnlyCollection<string> Errors => errors;

    public sealed record Result(int Code, string Out, string Error);

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Result> RunAsync(params string[] args)
    {
        using var hub = Start(args);
        var error = hub.process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await hub.process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await hub.process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Result(hub.process.ExitCode, output, await error);
    }

    /// <summary>Starts <c>hub run</c> on a data folder and waits until it answers lanes.</summary>
    /// <returns>The process and its address for lanes.</returns>
    public static async Task<(HubProcess Hub, Uri Grpc)> RunHubAsync(string folder, string console = "127.0.0.1:0")
    {
        var hub = Start("run", "--data", folder, "--grpc", "127.0.0.1:0", "--console", console, "--json");
        hub.process.ErrorDataReceived += (_, line) => hub.errors.Enqueue(line.Data ?? "");
        hub.process.BeginErrorReadLine();
        var line = await hub.process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException($"the hub ended with {hub.process.ExitCode}");
        var ready = JsonDocument.Parse(line).RootElement;
        Assert.Equal("ready", ready.GetProperty("event").GetString());
        hub.Console = new Uri(ready.GetProperty("console").GetString()!);
        _ = hub.process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return (hub, new Uri(ready.GetProperty("grpc").GetString()!));
    }

    /// <summary>As a power switch: SIGKILL, nothing is finished.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private static HubProcess Start(params string[] args)
    {
        var info = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "anpr-hub.dll"));
        Array.ForEach(args, info.ArgumentList.Add);
        return new HubProcess(Process.Start(info)!);
    }
}
