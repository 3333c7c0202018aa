using System.Diagnostics;
using Anpr.Simulation;
using Anpr.Simulation.Processes;

namespace Anpr.EndToEnd.Site;

/// <summary>
/// The two hosts of docs/deploy.md as network namespaces joined by a cable (veth), each with its own ports and its own hosts
/// file, and a folder in which <c>./anpr</c> is the built programs. Needs root. Nothing is left of them afterwards.
/// </summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    /// <summary>10.20.0.1</summary>
    public const string Hub = "hub";

    /// <summary>10.20.0.2</summary>
    public const string Lane = "lane";

    private const string EtcOfAll = "/etc/netns";

    private readonly string _tag = $"anpr{Environment.ProcessId}";
    private readonly List<Child> _running = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-hosts-");

    private TwoHosts()
    {
        var programs = new Programs();
        var script = Path.Combine(_folder.FullName, "anpr");
        File.WriteAllText(script, $"""
            #!/usr/bin/env bash
            case "$1" in
              hub) shift; exec dotnet '{programs.Hub}' "$@" ;;
              *) exec dotnet '{programs.Edge}' "$@" ;;
            esac
            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Stands for /var/lib on both.</summary>
    public string Data => _folder.FullName;

    /// <summary>The two hosts, or null with the reason where namespaces are not permitted.</summary>
    public static async Task<(TwoHosts? Hosts, string Why)> TryCreateAsync()
    {
        var hosts = new TwoHosts();
        var why = hosts.Join();
        if (why.Length == 0)
        {
            return (hosts, "");
        }

        await hosts.DisposeAsync();
        return (null, why);
    }

    /// <summary>Runs a command on a host to its end.</summary>
    /// <returns>Its exit code and everything that it said.</returns>
    public async Task<(int Code, string Said)> TryAsync(string host, string command)
    {
        await using var child = Start(host, $"{{ {command}\n}} 2>&1");
        var said = new List<string>();
        await foreach (var line in child.Lines.ReadAllAsync())
        {
            said.Add(line);
        }

        return (await child.Ended, string.Join('\n', said));
    }

    /// <summary>Runs a command on a host to its end, which must be good.</summary>
    public async Task<string> RunAsync(string host, string command)
    {
        var (code, said) = await TryAsync(host, command);
        return code == 0 ? said : throw new InputException($"`{command}` ended with {code}: {said}");
    }

    /// <summary>Starts a command that stays on a host.</summary>
    public Child Stay(string host, string command)
    {
        var child = Start(host, $"exec {command}");
        _running.Add(child);
        return child;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _running)
        {
            await child.DisposeAsync();
        }

        foreach (var host in new[] { Hub, Lane })
        {
            Ip("netns", "del", Name(host)); // its end of the cable goes with it
            if (Directory.Exists(Etc(host)))
            {
                Directory.Delete(Etc(host), recursive: true);
            }
        }

        if (Directory.Exists(EtcOfAll) && !Directory.EnumerateFileSystemEntries(EtcOfAll).Any())
        {
            Directory.Delete(EtcOfAll);
        }

        _folder.Delete(recursive: true);
    }

    private string Name(string host) => $"{_tag}-{host}";

    // `ip netns exec` lays these files over those of /etc.
    private string Etc(string host) => $"{EtcOfAll}/{Name(host)}";

    private Child Start(string host, string script) => Child.StartCommand(
        host, _folder.FullName, "ip", "netns", "exec", Name(host), "bash", "-c", $"cd '{_folder.FullName}'\n{script}");

    private string Join()
    {
        var (hub, lane) = ($"{_tag}h", $"{_tag}l");
        string[][] commands =
        [
            ["netns", "add", Name(Hub)],
            ["netns", "add", Name(Lane)],
            ["link", "add", hub, "netns", Name(Hub), "type", "veth", "peer", "name", lane, "netns", Name(Lane)],
            ["-n", Name(Hub), "addr", "add", "10.20.0.1/24", "dev", hub],
            ["-n", Name(Lane), "addr", "add", "10.20.0.2/24", "dev", lane],
            .. new[] { (Hub, hub), (Lane, lane), (Hub, "lo"), (Lane, "lo") }.Select(end => new[] { "-n", Name(end.Item1), "link", "set", end.Item2, "up" }),
        ];
        if (commands.Select(Ip).FirstOrDefault(fault => fault.Length > 0) is { } fault)
        {
            return fault;
        }

        foreach (var host in new[] { Hub, Lane })
        {
            Directory.CreateDirectory(Etc(host));
            File.WriteAllText(Path.Combine(Etc(host), "hosts"), "127.0.0.1 localhost\n");
        }

        return "";
    }

    private static string Ip(params string[] arguments)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            var words = ip.StandardError.ReadToEnd().Trim();
            ip.WaitForExit();
            return ip.ExitCode == 0 ? "" : $"ip {string.Join(' ', arguments)}: {words}";
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return $"ip (Debian's iproute2) cannot be started: {error.Message}";
        }
    }
}
