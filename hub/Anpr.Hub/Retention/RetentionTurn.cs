using Anpr.Hub.Storage;

namespace Anpr.Hub.Retention;

/// <summary>Which of the hubs on one store deletes: one at a time, until its time is over or it is done.</summary>
/// <param name="Hub">Name of its audit log.</param>
/// <param name="Until">From then on another may take it.</param>
internal sealed record RetentionTurn(string Hub, DateTimeOffset Until)
{
    private const string Only = "turn";

    // A hub that was killed keeps the others waiting no longer than this; each batch renews it.
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    /// <summary>Holds one record at most.</summary>
    public static Table<RetentionTurn> Table { get; } = new("retention_turn", _ => Only);

    /// <summary>Takes or renews the turn.</summary>
    /// <returns>False while another hub has it.</returns>
    public static bool Take(IStoreWriter writer, string hub, DateTimeOffset now)
    {
        if (writer.Get(Table, Only) is { } turn && turn.Hub != hub && turn.Until > now)
        {
            return false;
        }

        writer.Put(Table, new RetentionTurn(hub, now + Lasts));
        return true;
    }

    /// <summary>What <see cref="Take"/> reads.</summary>
    public static void Foresee(IStoreLookup store) => store.Get(Table, Only);

    /// <summary>Gives the turn back.</summary>
    public static bool Leave(IStoreWriter writer, string hub)
    {
        if (writer.Get(Table, Only)?.Hub == hub)
        {
            writer.Delete(Table, Only);
        }

        return true;
    }
}
