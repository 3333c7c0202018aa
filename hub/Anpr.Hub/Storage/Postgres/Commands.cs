using Npgsql;

namespace Anpr.Hub.Storage.Postgres;

/// <summary>Statements with their values $1, $2 and so on.</summary>
internal static class Commands
{
    public static NpgsqlCommand Command(this NpgsqlDataSource source, string sql, object[] values)
    {
        var command = source.CreateCommand(sql);
        Fill(command.Parameters, values);
        return command;
    }

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        Fill(command.Parameters, values);
        return command;
    }

    public static void Add(this NpgsqlBatch batch, string sql, object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Fill(command.Parameters, values);
        batch.BatchCommands.Add(command);
    }

    private static void Fill(NpgsqlParameterCollection parameters, object[] values)
    {
        foreach (var value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = value });
        }
    }
}
