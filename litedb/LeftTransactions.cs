using System.Collections;
using System.Reflection;
using LiteDB;

namespace Anpr.LiteDb;

/// <summary>
/// LiteDB 5.0.20 (TransactionService): a read that stumbled over a damaged page cannot be given back, neither when the database is closed
/// nor in the transaction's finalizer, and an exception there ends the process. What was left is therefore kept from its finalizer;
/// it holds memory only.
/// </summary>
internal static class LeftTransactions
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>Closes the database; none of its transactions is finalized after that. Throws what closing throws.</summary>
    public static void Close(LiteDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        var left = Of(database);
        try
        {
            database.Dispose();
        }
        finally
        {
            left.ForEach(GC.SuppressFinalize);
        }
    }

    /// <summary>Its transactions. Throws when LiteDB's inside is another than that of the version that this was written for.</summary>
    internal static List<object> Of(LiteDatabase database)
    {
        var engine = Inside(database, "_engine");
        var monitor = Inside(engine, "_monitor");
        var transactions = (IDictionary)Inside(monitor, "_transactions");
        lock (transactions)
        {
            return [.. transactions.Values.Cast<object>()];
        }
    }

    private static object Inside(object whole, string field) =>
        whole.GetType().GetField(field, Hidden)?.GetValue(whole)
        ?? throw new NotSupportedException($"{whole.GetType()} has no {field}: this LiteDB is another than 5.0.20. See to its transactions' finalizers anew.");
}
