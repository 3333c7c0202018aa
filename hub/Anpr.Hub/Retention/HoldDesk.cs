using Anpr.Hub.Audit;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Retention;

/// <summary>Legal holds: placed and lifted by supervisors, each in the audit log before it counts.</summary>
public sealed class HoldDesk(IStore store, AuditLog audit, TimeProvider time)
{
    // Fewer characters than this are no registration.
    internal const int LeastPlate = 3;

    /// <summary>All holds, in the audit log before they are shown.</summary>
    public IReadOnlyList<Hold> LookAtAll(string user)
    {
        var all = All;
        audit.Append(user, "hold.look", records: all.Count);
        return all;
    }

    /// <summary>All holds, those that stand first, then newest first.</summary>
    public IReadOnlyList<Hold> All => [.. store.All(Hold.Table).OrderBy(h => !h.Stands).ThenByDescending(h => h.At)];

    /// <summary>Places a hold. One that stands already on the same is not placed twice.</summary>
    /// <param name="kind">passage, vehicle or plate.</param>
    /// <param name="of">Id of the passage or vehicle, or the registration as typed.</param>
    /// <param name="reason">CODE:REF.</param>
    /// <param name="user">Who places it.</param>
    /// <exception cref="InputException">Something is missing, or there is no such passage or vehicle.</exception>
    public async Task<Hold> PlaceAsync(string? kind, string? of, string? reason, string user)
    {
        var parsed = Names.Read<HoldKind>("kind", kind);
        var name = parsed == HoldKind.Plate ? PlateText.Fold(of ?? "") : (of ?? "").Trim();
        if (!LookReason.TryParse(reason, out var why))
        {
            audit.Append(user, "hold.place", about: $"{kind} {of}", result: "refused: no reason");
            throw new InputException(LookReason.Cure);
        }

        var known = parsed switch
        {
            HoldKind.Plate => name.Length >= LeastPlate,
            HoldKind.Vehicle => store.Get(Vehicle.Table, name) is not null,
            _ => store.Get(StoredPassage.Table, name) is not null || store.Range(StoredSighting.ByPassage, name, name, 1).Count > 0,
        };
        if (!known)
        {
            throw new InputException(parsed == HoldKind.Plate
                ? $"plate '{of}': give a registration of at least {LeastPlate} letters and digits."
                : $"there is no {parsed.ToString().ToLowerInvariant()} '{of}'. Take its id from the address of its page.");
        }

        var now = time.GetUtcNow();
        audit.Append(user, "hold.place", about: $"{parsed.ToString().ToLowerInvariant()} {name}", why: why.ToString());
        return await store.WriteAsync(writer =>
        {
            if (writer.Range(Hold.ByStanding, "0", Keys.Last.ToString(), int.MaxValue).FirstOrDefault(h => h.Kind == parsed && h.Of == name) is { } same)
            {
                return same;
            }

            var hold = new Hold(Guid.CreateVersion7(now).ToString(), parsed, name, why.ToString(), user, now);
            writer.Put(Hold.Table, hold);
            return hold;
        });
    }

    /// <summary>Lifts a hold: its period counts again from the next pass on.</summary>
    /// <returns>The hold as it is now, null when there is none.</returns>
    /// <exception cref="InputException">There is no reason.</exception>
    public async Task<Hold?> LiftAsync(string id, string? reason, string user)
    {
        if (!LookReason.TryParse(reason, out var why))
        {
            audit.Append(user, "hold.lift", about: id, result: "refused: no reason");
            throw new InputException(LookReason.Cure);
        }

        audit.Append(user, "hold.lift", about: id, why: why.ToString());
        var now = time.GetUtcNow();
        return await store.WriteAsync(writer =>
        {
            if (writer.Get(Hold.Table, id) is not { Stands: true } hold)
            {
                return writer.Get(Hold.Table, id);
            }

            var lifted = hold with { LiftedBy = user, LiftedAt = now };
            writer.Put(Hold.Table, lifted);
            return lifted;
        });
    }
}
