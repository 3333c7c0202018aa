using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Npgsql;

namespace Anpr.Tests.Postgres;

/// <summary>
/// A PostgreSQL server of its own in a folder of its own, on a free port of loopback; ended by process id and deleted when disposed. It never
/// runs as root, so that for root it runs as the user that the package made.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const string User = "postgres";
    private readonly string folder;
    private readonly string password;
    private int databases;
    private bool killed;
    private Process server;

    private PostgresServer(string folder, int port, string password)
    {
        (this.folder, this.password) = (folder, password);
        Port = port;
        server = null!;
    }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>True once it has ended by itself: PostgreSQL does when it cannot write its log.</summary>
    public bool HasEnded => server.HasExited;

    /// <summary>The server's process.</summary>
    public int ProcessId => server.Id;

    /// <summary>CPU time of the server and all its processes, ended ones included (proc(5): utime, stime, cutime, cstime).</summary>
    public TimeSpan CpuTime => TimeSpan.FromSeconds(Directory.GetDirectories("/proc").Select(Stat).Where(s => s.Length > 16 && (s[0] == $"{server.Id}" || s[3] == $"{server.Id}"))
        .Sum(s => s[13..17].Sum(t => double.Parse(t, CultureInfo.InvariantCulture))) / 100);

    /// <summary>The newest of Debian's servers; null when the package postgresql is missing.</summary>
    public static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "postgres"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="disk">A folder to make its own in; null: where temporary files are.</param>
    public static PostgresServer Start(string? disk = null)
    {
        var programs = Programs ?? throw new InvalidOperationException("PostgreSQL is missing: apt-get install -y --no-install-recommends postgresql");
        var own = disk is null ? Directory.CreateTempSubdirectory("anpr-pg-") : Directory.CreateDirectory(Path.Combine(disk, "pg"));
        var made = new PostgresServer(own.FullName, FreePort(), Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()));
        var secret = Path.Combine(made.folder, "password");
        File.WriteAllText(secret, made.password);
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "-R", User, made.folder);
        }

        Run(made.As(Path.Combine(programs, "initdb"), "-D", made.Data, "-U", User, "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8", "--no-instructions"));
        File.Delete(secret);
        made.Restart();
        return made;
    }

    /// <summary>Makes a standby of it that must have each commit before the commit is told, and starts it (PostgreSQL 15, 27.2.8).</summary>
    public PostgresServer AddSynchronousStandby()
    {
        var standby = new PostgresServer(Directory.CreateTempSubdirectory("anpr-pg-").FullName, FreePort(), password);
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "-R", User, standby.folder);
        }

        var primary = $"host=127.0.0.1 port={Port} user={User} password={password} application_name=standby";
        Run(As(Path.Combine(Programs!, "pg_basebackup"), "-D", standby.Data, "-d", primary, "-R", "-X", "stream", "-c", "fast"));
        standby.Restart();
        Ask("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        Ask("SELECT pg_reload_conf()");
        for (var tries = 0; Ask("SELECT sync_state FROM pg_stat_replication") is not "sync"; tries++)
        {
            if (tries == 300)
            {
                throw new InvalidOperationException("the standby did not become synchronous");
            }

            Ask("SELECT pg_sleep(0.1)");
        }

        return standby;
    }

    /// <summary>Makes a standby the primary, as an administrator does when the primary is gone.</summary>
    public void Promote() => Ask("SELECT pg_promote()");

    /// <summary>Connection string of a database of this server that goes on with a standby when that is promoted.</summary>
    public string WithStandby(string database, PostgresServer standby) => new NpgsqlConnectionStringBuilder(database)
    {
        Host = $"127.0.0.1:{Port},127.0.0.1:{standby.Port}",
        TargetSessionAttributes = "primary",
        HostRecheckSeconds = 1,
        Timeout = 5,
    }.ConnectionString;

    /// <summary>Starts it, again after <see cref="Kill"/>, and waits until it answers.</summary>
    public void Restart()
    {
        var command = As(Path.Combine(Programs!, "postgres"), "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-k", folder, "-c", "max_connections=60");
        server = Process.Start(Information(command))!;
        killed = false;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new ConcurrentQueue<string>();
        server.ErrorDataReceived += (_, line) =>
        {
            said.Enqueue(line.Data ?? "it ended");
            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException($"PostgreSQL did not start: {string.Join(' ', said)}"));
            }
            else if (line.Data.Contains("ready to accept", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        server.OutputDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        ready.Task.Wait(TimeSpan.FromSeconds(60));
    }

    /// <summary>Ends it at once, as a power cut would: what it had not promised is lost.</summary>
    public void Kill()
    {
        if (killed)
        {
            return;
        }

        server.Kill(entireProcessTree: true);
        server.WaitForExit();
        server.Dispose();
        killed = true;
    }

    /// <summary>Size of a database on disk, MB.</summary>
    public long Megabytes(string database)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT pg_database_size(current_database()) >> 20", connection);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>A new, empty database; its connection string.</summary>
    public string NewDatabase()
    {
        var name = $"anpr_{Interlocked.Increment(ref databases)}";
        Ask($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        Kill();
        Directory.Delete(folder, recursive: true);
    }

    // The command's name in brackets may hold spaces: it is made one field.
    private static string[] Stat(string folder)
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(folder)[0]) ? Regex.Replace(File.ReadAllText(Path.Combine(folder, "stat")), @"\(.*\)", "name", RegexOptions.None, TimeSpan.FromSeconds(1)).Split(' ') : [];
        }
        catch (IOException)
        {
            return []; // it has just ended
        }
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private object? Ask(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private string Data => Path.Combine(folder, "data");

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password={password}";

    private string[] As(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", .. command] : command;

    private static ProcessStartInfo Information(string[] command) => new(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };

    private static void Run(params string[] command)
    {
        using var process = Process.Start(Information(command))!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {said}");
        }
    }
}
