using Anpr.Hub.Audit;
using Anpr.Hub.Bookings;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;

namespace Anpr.Hub.Retention;

/// <summary>What came of a request to erase.</summary>
/// <param name="Erasure">The proof.</param>
/// <param name="Entries">Entries of this hub's audit log whose content was erased.</param>
/// <param name="Listed">Watchlist entries with one of its registrations: they have a ground of their own, and stay until they are ended.</param>
public sealed record ErasureDone(Erasure Erasure, int Entries, int Listed);

/// <summary>
/// Erases what is kept of one vehicle, on request (UK GDPR article 17, Data Protection Act 2018 s.47): its passages with all that hangs on
/// them, and what audit entries say of it.
/// </summary>
public sealed class ErasureDesk
{
    private const int MostPassages = 100_000;

    private static readonly TimeSpan SignedWithin = TimeSpan.FromDays(30);

    // A request of which nothing went for so long was cut off.
    private static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IStore store;
    private readonly AuditLog audit;
    private readonly TimeProvider time;
    private readonly Deleter deleter;
    private readonly LooseRecords loose;

    /// <summary>Works on the hub's store and on its own audit log.</summary>
    public ErasureDesk(IStore store, Linker linker, BookingBook bookings, AuditLog audit, TimeProvider time)
    {
        (this.store, this.audit, this.time) = (store, audit, time);
        deleter = new Deleter(store, linker, audit, time);
        loose = new LooseRecords(store, bookings, deleter, time);
    }

    /// <summary>The newest erasures, newest first.</summary>
    public IReadOnlyList<Erasure> Newest(int limit) => store.Newest(Erasure.Table.ById, limit);

    /// <summary>Erases everything that is kept of a vehicle.</summary>
    /// <param name="vehicle">Its id; empty when it is named by its registration.</param>
    /// <param name="plate">Its registration as typed: every vehicle that was ever read so.</param>
    /// <param name="reason">CODE:REF of the request.</param>
    /// <param name="user">Who erases.</param>
    /// <param name="cancellation">Between batches; what has gone stays gone, and <see cref="GoOnAsync"/> erases the rest.</param>
    /// <exception cref="InputException">There is no reason, no such vehicle, or a hold on it.</exception>
    public async Task<ErasureDone> EraseAsync(string? vehicle, string? plate, string? reason, string user, CancellationToken cancellation)
    {
        if (!Audit.LookReason.TryParse(reason, out var why))
        {
            audit.Append(user, "vehicle.erase", result: "refused: no reason");
            throw new InputException(Audit.LookReason.Cure);
        }

        var text = PlateText.Fold(plate ?? "");
        var subject = Subject.Of(store, vehicle?.Trim() ?? "", text.Length >= HoldDesk.LeastPlate ? text : "");
        var erasure = CutOff.FirstOrDefault(e => e.Open!.Texts.Intersect(subject.Asked.Texts).Any() || e.Open.Vehicles.Intersect(subject.Asked.Vehicles).Any());
        Refuse(subject, user, why);
        if (subject.Asked.Passages.Count > 0 || (erasure is null && loose.IsAny(subject.Asked)))
        {
            erasure = await BeginAsync(subject, user, why);
        }

        if (erasure is null)
        {
            audit.Append(user, "vehicle.erase", why: why.ToString(), result: "refused: nothing is kept", records: 0);
            throw new InputException("nothing is kept of such a vehicle. Give its registration in full, or the id from the address of its page.");
        }

        erasure = await RetriedAsync(() => WorkAsync(erasure, cancellation), cancellation);
        var entries = await FinishAsync();
        audit.Append(user, "vehicle.erase", about: $"erasure {erasure.Id}", why: why.ToString(), result: erasure.Words, records: erasure.Records);
        var listed = store.All(ListEntry.Table).Count(e => subject.Asked.Texts.Contains(e.Pattern));
        return new ErasureDone(store.Get(Erasure.Table, erasure.Id) ?? erasure, entries, listed);
    }

    /// <summary>Erases the rest of what requests that were cut off, here or at another hub, have left.</summary>
    internal async Task GoOnAsync(CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - UnderWay;
        foreach (var open in CutOff.Where(e => e.EndedAt < before))
        {
            try
            {
                var done = await WorkAsync(open, cancellation);
                audit.Append(open.By, "vehicle.erase", about: $"erasure {open.Id}", why: open.Why, result: $"{done.Words}; gone on with after it was cut off", records: done.Records);
            }
            catch (TurnLostException)
            {
                return; // another hub deletes: in an hour
            }
        }
    }

    /// <summary>Goes through this hub's audit log for erasures that wait for it, under this name or one that it had.</summary>
    /// <returns>How many entries' content was erased.</returns>
    internal async Task<int> FinishAsync()
    {
        var entries = 0;
        var all = store.Range(Erasure.ByWaiting, "0", Keys.Last.ToString(), int.MaxValue).Where(e => e.Open is null).ToList();
        if (all.Count == 0)
        {
            return entries;
        }

        // A hub that has signed nothing for so long is no more, and what it had in its log is in no hub's hands.
        var alive = Alive();
        var mine = audit.Names();
        foreach (var waiting in all.Where(e => e.Waiting.Any(w => mine.Contains(w) || !alive.Contains(w))))
        {
            if (waiting.Waiting.Any(mine.Contains))
            {
                var names = new ErasedNames(waiting.Names ?? []);
                entries += audit.Erase(names.AreIn, whole: false, waiting.By, $"erasure {waiting.Id}", waiting.Why);
            }

            await store.WriteAsync(writer =>
            {
                if (writer.Get(Erasure.Table, waiting.Id) is { } now)
                {
                    List<string> left = [.. now.Waiting.Where(w => !mine.Contains(w) && alive.Contains(w))];
                    writer.Put(Erasure.Table, now with { Waiting = left, Names = left.Count > 0 ? now.Names : null });
                }

                return true;
            });
        }

        return entries;
    }

    private IEnumerable<Erasure> CutOff => store.Range(Erasure.ByWaiting, "0", Keys.Last.ToString(), int.MaxValue).Where(e => e.Open is not null);

    private HashSet<string> Alive() =>
        [.. store.Range(Audit.AuditHead.ByTime, Keys.Time(time.GetUtcNow() - SignedWithin), Keys.Last.ToString(), int.MaxValue).Select(h => h.Replica)];

    private void Refuse(Subject subject, string user, Audit.LookReason why)
    {
        var holds = Holds.In(store);
        var hold = holds.On(subject.Asked.Vehicles, subject.Asked.Texts)
            ?? subject.Asked.Passages.Select(id => holds.On(PassageRecords.Of(store, id))).FirstOrDefault(h => h is not null);
        if (hold is not null)
        {
            audit.Append(user, "vehicle.erase", why: why.ToString(), result: $"refused: hold {hold.Id}");
            throw new InputException($"a legal hold of {hold.At:u} by {hold.By} ({hold.Reason}) is on it: nothing was erased. A supervisor can lift it on the page Retention.");
        }
    }

    // What is to go, and the names to look for in audit logs, are known only while the records are there: they are kept before the first one goes.
    // Every hub that has signed a head of late may have entries of its own about it.
    private async Task<Erasure> BeginAsync(Subject subject, string user, Audit.LookReason why)
    {
        var begun = Erasure.Begin(Erasure.Request, user, why.ToString(), time.GetUtcNow());
        audit.Append(user, "vehicle.erase", about: $"erasure {begun.Id}", why: why.ToString(), result: "begun");
        var erasure = begun with { Waiting = [.. Alive().Append(audit.Replica).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], Names = subject.Names, Open = subject.Asked };
        await store.WriteAsync(writer =>
        {
            writer.Put(Erasure.Table, erasure);
            return true;
        });
        return erasure;
    }

    private async Task<Erasure> WorkAsync(Erasure erasure, CancellationToken cancellation)
    {
        var asked = erasure.Open!;
        erasure = await deleter.PassagesAsync(erasure, asked.Passages, _ => true, cancellation);
        erasure = await loose.EraseAsync(erasure, asked, cancellation);
        return await store.WriteAsync(
            writer =>
            {
                var closed = (writer.Get(Erasure.Table, erasure.Id) ?? erasure) with { Open = null };
                writer.Put(Erasure.Table, closed);
                return closed;
            },
            cancellation: cancellation);
    }

    // Another hub may be deleting: it gives the turn back after its pass at the latest.
    private static async Task<Erasure> RetriedAsync(Func<Task<Erasure>> work, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (TurnLostException)
            {
                await Task.Delay(Patience, TimeProvider.System, cancellation);
            }
        }
    }

    /// <summary>Whom a request is about, before anything is erased.</summary>
    /// <param name="Asked">What is to go.</param>
    /// <param name="Names">All by which an audit entry may name it: ids, and registrations.</param>
    private sealed record Subject(ErasureRequest Asked, IReadOnlyList<string> Names)
    {
        public static Subject Of(IStore store, string vehicle, string text)
        {
            var vehicles = new HashSet<string>(StringComparer.Ordinal);
            if (vehicle.Length > 0)
            {
                vehicles.Add(vehicle);
            }

            if (text.Length > 0)
            {
                vehicles.UnionWith(store.Prefix(StoredSighting.ByText, Keys.Join(text, ""), MostPassages).Select(s => s.Vehicle));
                vehicles.UnionWith(VehicleBook.Candidates(store, text).Where(v => v.Text == text).Select(v => v.Id));
            }

            var sightings = vehicles.SelectMany(v => store.Prefix(StoredSighting.ByVehicle, Keys.Join(v, ""), MostPassages)).ToList();
            List<string> passages = [.. sightings.Select(s => s.Message.PassageId).Distinct(StringComparer.Ordinal)];
            var joined = Joined(store, vehicles);
            vehicles.UnionWith(joined.Select(v => v.Id));
            var texts = sightings.Select(s => s.Text).Concat(joined.Select(v => v.Text)).Where(t => t.Length >= HoldDesk.LeastPlate).ToHashSet(StringComparer.Ordinal);
            if (text.Length > 0)
            {
                texts.Add(text);
            }

            var hanging = passages.Select(id => PassageRecords.Of(store, id)).SelectMany(p => (IEnumerable<string>)
                [p.Id, .. p.Sightings.Select(s => s.Id), .. p.Alerts.Select(a => a.Id), .. p.Searches.Select(s => s.Message.Id), .. p.Dispositions.Select(d => d.Message.Id)]);
            return new Subject(new ErasureRequest([.. vehicles], passages, [.. texts]), [.. vehicles.Concat(hanging).Concat(texts).Distinct(StringComparer.Ordinal)]);
        }

        // What went into them, and into that before.
        private static List<Vehicle> Joined(IStore store, IEnumerable<string> vehicles)
        {
            var joined = new List<Vehicle>();
            for (var left = new Stack<string>(vehicles); left.TryPop(out var into);)
            {
                foreach (var merge in store.Prefix(Merge.ByVehicle, Keys.Join(into, ""), MostPassages).Where(m => m.UndoneBy.Length == 0 && joined.TrueForAll(v => v.Id != m.Gone.Id)))
                {
                    joined.Add(merge.Gone);
                    left.Push(merge.Gone.Id);
                }
            }

            return joined;
        }
    }
}
