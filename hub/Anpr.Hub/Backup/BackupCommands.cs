using System.CommandLine;
using System.Globalization;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Backup;

/// <summary><c>hub backup</c>, through the running hub or on its files when none runs, and <c>hub restore</c>.</summary>
internal static class BackupCommands
{
    // Longer than that, what was erased would stay in them.
    private const int UsualDays = 30;

    public static Command Backup()
    {
        var data = DataOption.Create();
        var store = StoreOption.Create();
        var into = new Argument<string>("DIR") { Description = "folder of all backups, on another disk; each backup is a folder in it" };
        var keep = new Option<string?>("--keep") { HelpName = "DAYS", Description = $"removes backups that are older, once the new one is whole: {UsualDays}d unless given; all keeps every one" };
        var command = new Command("backup", "takes a backup: store, pictures, audit log, users and keys; a database of PostgreSQL is left to pg_dump") { into, keep, data, store };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (folder, longest) = (Path.GetFullPath(parsed.GetRequiredValue(into)), Days(parsed.GetValue(keep)));
            var files = new HubFiles(parsed.GetRequiredValue(data));
            if (SocketDesk.Connect(files) is { } client)
            {
                using (client)
                {
                    client.Timeout = Timeout.InfiniteTimeSpan;
                    using var answer = await client.PostAsJsonAsync("/admin/backup", new BackupRequest(folder, longest), cancellation);
                    var words = await answer.Content.ReadAsStringAsync(cancellation);
                    System.Console.Out.WriteLine(answer.IsSuccessStatusCode ? words : throw new InputException(words));
                }

                return;
            }

            await using var hub = ClosedHub.Open(files, parsed.GetValue(store));
            System.Console.Out.WriteLine(await hub.Backups.TakeAsync(folder, longest, AccessDesk.LocalName, cancellation));
        });
        return command;
    }

    public static Command Restore()
    {
        var data = DataOption.Create();
        var from = new Argument<string>("DIR") { Description = "a backup, or the folder of all backups: then the newest" };
        var command = new Command("restore", "makes a hub from a backup, in a folder that holds none") { from, data };
        command.SetAction(parsed =>
        {
            var backup = Path.GetFullPath(parsed.GetRequiredValue(from));
            backup = BackupDesk.All(backup) is [.., var newest] ? newest : backup;
            var files = new HubFiles(parsed.GetRequiredValue(data));
            var manifest = Restoring.Run(backup, files, TimeProvider.System);
            System.Console.Out.WriteLine($"{files.Path} is the hub of {manifest.At:u}, with {manifest.Pictures} pictures.");
            System.Console.Out.WriteLine(manifest.Store
                ? "Vehicles that were erased on request since then are in it again: erase them anew (docs/retention.md)."
                : "Its records are in PostgreSQL: restore the database with pg_restore.");
        });
        return command;
    }

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/admin/backup", async (BackupRequest request, BackupDesk desk, CancellationToken cancellation) =>
        {
            try
            {
                return Results.Text(await desk.TakeAsync(request.Into, request.Keep, AccessDesk.LocalName, cancellation));
            }
            catch (Exception failed) when (failed is InputException or IOException or UnauthorizedAccessException)
            {
                return Results.Text(failed is InputException ? failed.Message : $"the backup could not be taken: {failed.Message.TrimEnd('.')}. Nothing was left of it, and older ones are untouched.", statusCode: StatusCodes.Status400BadRequest);
            }
        }).At(Listener.Admin).AllowAnonymous().DisableAntiforgery();

    /// <summary>Reads "30d"; null for "all".</summary>
    /// <param name="text">As typed; null where nothing was.</param>
    /// <exception cref="InputException">It is neither "all" nor a number of days from 1 on.</exception>
    internal static TimeSpan? Days(string? text)
    {
        if (text == "all")
        {
            return null;
        }

        text ??= $"{UsualDays}d";
        return int.TryParse(text.EndsWith('d') ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 3660
            ? TimeSpan.FromDays(days)
            : throw new InputException($"--keep {text}: give a number of days, 1 to 3660, such as 30d, or all.");
    }

    /// <summary>Asks a running hub for a backup.</summary>
    internal sealed record BackupRequest(string Into, TimeSpan? Keep);
}
