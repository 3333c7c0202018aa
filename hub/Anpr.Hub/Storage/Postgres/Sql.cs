namespace Anpr.Hub.Storage.Postgres;

/// <summary>
/// The statements of the store. A table has a column <c>id</c>, a column <c>body</c> and one column a key; all text is compared byte by byte
/// (collation C), which for the hub's keys is their ordinal order.
/// </summary>
internal static class Sql
{
    public const string Pictures = "pictures";

    private const string Channel = "anpr_written";

    /// <summary>Writers of all replicas take turns, one transaction at a time: two sightings of one vehicle can never found two.</summary>
    public const string Turn = "SELECT pg_current_xact_id()::text FROM pg_advisory_xact_lock(4723)";

    /// <summary>What became of the writer's transaction with the number $1, once it is no longer its turn: committed, aborted; null when it is long ago.</summary>
    public const string Outcome = "SELECT pg_xact_status($1::xid8) FROM pg_advisory_xact_lock(4723)";

    /// <summary>As the last of the writer's statements, so that it needs no way of its own.</summary>
    public const string Commit = "COMMIT";

    public const string Notify = $"SELECT pg_notify('{Channel}', n) FROM unnest($1::text[]) AS n";

    public const string Listen = $"LISTEN {Channel}";

    public const string Picture = "SELECT bytes FROM pictures WHERE id = $1";

    public const string HasPictures = "SELECT id FROM pictures WHERE id = ANY($1)";

    public const string PutPictures = "INSERT INTO pictures (id, bytes) SELECT * FROM unnest($1::text[], $2::bytea[]) ON CONFLICT (id) DO NOTHING";

    public const string DeletePictures = "DELETE FROM pictures WHERE id = ANY($1)";

    /// <summary>Names of tables with an index under which not all their records have a key yet.</summary>
    public const string MakeUnkeyed = "CREATE TABLE unkeyed (id text PRIMARY KEY)";

    public const string Unkeyed = "SELECT id FROM unkeyed";

    public const string Keyed = "DELETE FROM unkeyed WHERE id = $1";

    // Lines of 80 % leave room for the next revision of a row on its own page, where no index needs to be touched.
    public static string MakeTable(Table table) =>
        $"CREATE TABLE {table.Name} (id text COLLATE \"C\" PRIMARY KEY, body bytea NOT NULL{string.Concat(table.IndexNames.Select(i => $", {Column(i)} text COLLATE \"C\""))}) WITH (fillfactor = 80)";

    // A table that was made before the index was declared has no column for it, and its records have no keys.
    public static string MakeIndex(Table table, string index) =>
        $"ALTER TABLE {table.Name} ADD COLUMN IF NOT EXISTS {Column(index)} text COLLATE \"C\"; CREATE INDEX {table.Name}_{index} ON {table.Name} ({Column(index)}) WHERE {Column(index)} IS NOT NULL; "
        + $"INSERT INTO unkeyed SELECT '{table.Name}' WHERE EXISTS (SELECT FROM {table.Name}) ON CONFLICT DO NOTHING";

    // Of the text alone: the times would fill the index with digits. At once: a list of what is still to be put in, which PostgreSQL keeps by
    // itself, is put in by whoever fills it, and an alert waits a third of a second for that.
    public static string MakeSearched(Table table, string index) => $"CREATE INDEX {table.Name}_{index}_parts ON {table.Name} USING gin ({TextOf(index)} gin_trgm_ops) WITH (fastupdate = off)";

    /// <summary>$1 a pattern of LIKE, $2 and $3 times, $4 how many.</summary>
    public static string Like(Table table, string index) =>
        $"SELECT id, {Column(index)}, body FROM {table.Name} WHERE {TextOf(index)} LIKE $1 AND right({Column(index)}, 13) >= $2 AND right({Column(index)}, 13) <= $3 ORDER BY right({Column(index)}, 13) DESC LIMIT $4";

    public static string Get(Table table) => $"SELECT id, NULL, body FROM {table.Name} WHERE id = ANY($1)";

    public static string Range(Table table, string index, bool newestFirst) =>
        $"SELECT id, {KeyOf(index)}, body FROM {table.Name} WHERE {Column(index)} >= $1 AND {Column(index)} <= $2 ORDER BY {Column(index)}{(newestFirst ? " DESC" : "")} LIMIT $3";

    /// <summary>As <see cref="Range"/>, for each <c>from</c>, <c>to</c> and limit; the first column is their number, from 1.</summary>
    public static string Ranges(Table table, string index, bool newestFirst) =>
        $"SELECT w.n, r.* FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS w(a, b, most, n) CROSS JOIN LATERAL (SELECT id, {KeyOf(index)}, body FROM {table.Name} "
        + $"WHERE {Column(index)} >= w.a AND {Column(index)} <= w.b ORDER BY {Column(index)}{(newestFirst ? " DESC" : "")} LIMIT w.most) r";

    public static string Page(Table table) => $"SELECT id, NULL, body FROM {table.Name} WHERE id > $1 ORDER BY id LIMIT $2";

    public static string Count(Table table) => $"SELECT count(*) FROM {table.Name} WHERE id <> ALL($1)";

    public static string Put(Table table)
    {
        string[] columns = ["id", "body", .. table.IndexNames.Select(Column)];
        return $"INSERT INTO {table.Name} ({string.Join(", ", columns)}) SELECT * FROM unnest({string.Join(", ", columns.Select((c, i) => $"${i + 1}::{(c == "body" ? "bytea" : "text")}[]"))}) "
            + $"ON CONFLICT (id) DO UPDATE SET {string.Join(", ", columns.Skip(1).Select(c => $"{c} = excluded.{c}"))}";
    }

    public static string Delete(Table table) => $"DELETE FROM {table.Name} WHERE id = ANY($1)";

    // An id is not sent twice.
    private static string KeyOf(string index) => index == Table.IdName ? "NULL" : Column(index);

    private static string TextOf(string index) => $"split_part({Column(index)}, '|', 1)";

    private static string Column(string index) => index == Table.IdName ? index : "k_" + index;
}
