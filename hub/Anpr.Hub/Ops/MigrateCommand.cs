using System.CommandLine;
using Anpr.Hub.Access;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;

namespace Anpr.Hub.Ops;

/// <summary><c>hub migrate</c>: moves the embedded store of a hub that does not run to PostgreSQL. It may be stopped and run again.</summary>
internal static class MigrateCommand
{
    private const string Postgres = "postgres";
    private const int PicturesTogether = 50;

    public static Command Create()
    {
        var data = DataOption.Create();
        var store = StoreOption.Create();
        var to = new Option<string>("--to") { Required = true, HelpName = Postgres, Description = "where the records go" }.AcceptOnlyFromAmong(Postgres);
        var command = new Command("migrate", "moves the embedded store to PostgreSQL") { to, store, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var files = new HubFiles(parsed.GetRequiredValue(data));
            var connection = parsed.GetValue(store) ?? throw new InputException("--store: say to which database, such as 'Host=db.example;Database=anpr;Username=anpr'.");
            Authority.Load(files).Dispose();
            using var held = HubLock.Take(files);
            await using var from = LiteStore.Open(files.Path, HubFeatures.Tables);
            await using var target = PostgresStore.Open(connection, HubFeatures.Tables);
            var moved = await MoveAsync(from, target, (what, done, all) => Console.Error.Write($"\r{what,-20} {done} of {all} "), words => Console.Error.WriteLine($"\nanpr hub: {words}"), cancellation);
            Console.Error.WriteLine();
            Console.Out.WriteLine($"{moved.Records} records and {moved.Pictures} pictures are in PostgreSQL. Run the hub with --store from now on; move {Path.Combine(files.Path, "hub.db")} and pictures/ away when you have seen that all is there.");
            return 0;
        });
        return command;
    }

    // A picture that is no longer what was stored would not be shown there either.
    private static byte[]? Whole(LiteStore from, string hash, Action<string> damaged)
    {
        try
        {
            return from.Picture(hash);
        }
        catch (InvalidDataException error)
        {
            damaged(error.Message);
            return null;
        }
    }

    /// <summary>Copies every record and picture, and counts them afterwards.</summary>
    /// <exception cref="InputException">The other store holds another number of records: somebody else writes there.</exception>
    internal static async Task<(long Records, long Pictures)> MoveAsync(LiteStore from, PostgresStore to, Action<string, long, long> progress, Action<string> damaged, CancellationToken cancellation)
    {
        var hashes = from.Pictures.ToList();
        var pictures = 0L;
        foreach (var group in hashes.Chunk(PicturesTogether))
        {
            var whole = group.Select(hash => Whole(from, hash, damaged)).OfType<byte[]>().ToList();
            await to.WriteAsync(
                writer =>
                {
                    whole.ForEach(bytes => writer.PutPicture(bytes));
                    return true;
                },
                cancellation: cancellation);
            progress("pictures", pictures += group.Length, hashes.Count);
        }

        var records = 0L;
        foreach (var table in HubFeatures.Tables)
        {
            var (done, all) = (0L, table.CountIn(from));
            await table.CopyAsync(from, to, more => progress(table.Name, done += more, all), cancellation);
            records += all;
            var there = table.CountIn(to);
            if (there != all)
            {
                throw new InputException($"{table.Name}: {all} records were copied, and {there} are there. Migrate into an empty database, with no other hub on it.");
            }
        }

        return (records, pictures);
    }
}
