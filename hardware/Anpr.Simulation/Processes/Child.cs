using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace Anpr.Simulation.Processes;

/// <summary>
/// One of our programs as a process of its own. It leads its own session, so that Ctrl-C in the terminal reaches it only
/// through us, and the kernel ends it when we end, however that happens. What it says goes into its log file.
/// </summary>
internal sealed class Child : IAsyncDisposable
{
    private const string ReadyEvent = "{\"event\":\"ready\"";

    private static readonly TimeSpan GraceTime = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _out;
    private readonly Task _err;
    private string _lastWords = "";

    private Child(string name, Process process, StreamWriter log)
    {
        (Name, _process, _log) = (name, process, log);
        _out = PumpAsync(process.StandardOutput, isOutput: true);
        _err = PumpAsync(process.StandardError, isOutput: false);
        Ended = WaitAsync();
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>The lines of its standard output, to be read by one reader; complete when it has ended.</summary>
    public ChannelReader<string> Lines => _lines.Reader;

    /// <summary>True once it has written the event <c>ready</c>; false when it ended before.</summary>
    public Task<bool> Ready => _ready.Task;

    /// <summary>Done when it has ended, with its exit code (137 when it was killed).</summary>
    public Task<int> Ended { get; }

    /// <summary>The last line it wrote on standard error, else on standard output.</summary>
    public string LastWords => Volatile.Read(ref _lastWords);

    /// <summary>Starts a program.</summary>
    /// <param name="name">For messages and the log file's name.</param>
    /// <param name="logFolder">Where its log is kept.</param>
    /// <param name="dll">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="InputException">dotnet or the system's tools cannot be started.</exception>
    public static Child Start(string name, string logFolder, string dll, params IReadOnlyList<string> arguments) =>
        StartCommand(name, logFolder, "dotnet", [dll, .. arguments]);

    /// <summary>Starts any command.</summary>
    /// <exception cref="InputException">It or the system's tools cannot be started.</exception>
    public static Child StartCommand(string name, string logFolder, string command, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["setpriv", "--pdeathsig", "KILL", command, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var log = new StreamWriter(Path.Combine(logFolder, name.Replace(' ', '-') + ".log"), append: true) { AutoFlush = true };
        try
        {
            return new Child(name, LastingThread.Run(() => Process.Start(start)!), log);
        }
        catch (Win32Exception error)
        {
            log.Dispose();
            throw new InputException($"{name} cannot be started: {error.Message}. setsid and setpriv come with util-linux, dotnet with the SDK", error);
        }
    }

    /// <summary>Ends it without warning, as a power cut would.</summary>
    public void Kill() => Signals.KillGroup(_process.Id);

    /// <summary>Asks it to end; ends it and what it started when it does not.</summary>
    public async Task<int> StopAsync()
    {
        if (!Ended.IsCompleted)
        {
            Signals.SendTerminate(_process.Id);
            await Task.WhenAny(Ended, Task.Delay(GraceTime, TimeProvider.System));
            Kill();
        }

        return await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        var code = _process.ExitCode;
        // Whatever it started must not outlive it; its group is gone when nothing is left.
        Kill();
        await Task.WhenAll(_out, _err);
        _ready.TrySetResult(false);
        _lines.Writer.Complete();
        return code;
    }

    private async Task PumpAsync(StreamReader from, bool isOutput)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            if (line.Length > 0 && (!isOutput || line[0] != '{'))
            {
                Volatile.Write(ref _lastWords, line);
            }

            lock (_log)
            {
                _log.WriteLine(line);
            }

            if (isOutput && line.StartsWith(ReadyEvent, StringComparison.Ordinal))
            {
                _ready.TrySetResult(true);
            }

            if (isOutput)
            {
                _lines.Writer.TryWrite(line);
            }
        }
    }
}
