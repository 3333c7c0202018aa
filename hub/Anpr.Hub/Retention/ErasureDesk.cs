using Anpr.Hub.Audit;
using Anpr.Hub.Bookings;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

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
    private const int LeastPlate = 3;
    private const int MostPassages = 100_000;

    private static readonly TimeSpan Alive = TimeSpan.FromDays(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IStore store;
    private readonly BookingBook bookings;
    private readonly AuditLog audit;
    private readonly TimeProvider time;
    private readonly Deleter deleter;

    /// <summary>Works on the hub's store and on its own audit log.</summary>
    public ErasureDesk(IStore store, Linker linker, BookingBook bookings, AuditLog audit, TimeProvider time)
    {
        (this.store, this.bookings, this.audit, this.time) = (store, bookings, audit, time);
        deleter = new Deleter(store, linker, audit, time);
    }

    /// <summary>The newest erasures, newest first.</summary>
    public IReadOnlyList<Erasure> Newest(int limit) => store.Newest(Erasure.Table.ById, limit);

    /// <summary>Erases everything that is kept of a vehicle.</summary>
    /// <param name="vehicle">Its id; empty when it is named by its registration.</param>
    /// <param name="plate">Its registration as typed: every vehicle that was ever read so.</param>
    /// <param name="reason">CODE:REF of the request.</param>
    /// <param name="user">Who erases.</param>
    /// <param name="cancellation">Between batches; what has gone stays gone, and the request can be made again.</param>
    /// <exception cref="InputException">There is no reason, no such vehicle, or a hold on it.</exception>
    public async Task<ErasureDone> EraseAsync(string? vehicle, string? plate, string? reason, string user, CancellationToken cancellation)
    {
        if (!Audit.LookReason.TryParse(reason, out var why))
        {
            audit.Append(user, "vehicle.erase", result: "refused: no reason");
            throw new InputException(Audit.LookReason.Cure);
        }

        var text = PlateText.Fold(plate ?? "");
        var subject = Subject.Of(store, vehicle?.Trim() ?? "", text.Length >= LeastPlate ? text : "");
        if (subject.Passages.Count == 0)
        {
            audit.Append(user, "vehicle.erase", why: why.ToString(), result: "refused: nothing is kept", records: 0);
            throw new InputException("nothing is kept of such a vehicle. Give its registration in full, or the id from the address of its page.");
        }

        Refuse(subject, user, why);
        var erasure = Erasure.Begin(Erasure.Request, user, why.ToString(), time.GetUtcNow());
        audit.Append(user, "vehicle.erase", about: $"erasure {erasure.Id}", why: why.ToString(), result: "begun");
        erasure = await RetriedAsync(() => deleter.PassagesAsync(erasure, subject.Passages, _ => true, cancellation), cancellation);
        erasure = await RetriedAsync(() => LooseAsync(erasure, subject, cancellation), cancellation);
        erasure = await WaitAsync(erasure, subject);
        var entries = await FinishAsync();
        audit.Append(user, "vehicle.erase", about: $"erasure {erasure.Id}", why: why.ToString(), result: erasure.Words, records: erasure.Records);
        var listed = store.All(ListEntry.Table).Count(e => subject.Texts.Contains(e.Pattern));
        return new ErasureDone(store.Get(Erasure.Table, erasure.Id) ?? erasure, entries, listed);
    }

    /// <summary>Goes through this hub's audit log for erasures that wait for it.</summary>
    /// <returns>How many entries' content was erased.</returns>
    internal async Task<int> FinishAsync()
    {
        var entries = 0;
        foreach (var waiting in store.Range(Erasure.ByWaiting, "0", Keys.Last.ToString(), int.MaxValue).Where(e => e.Waiting.Contains(audit.Replica)))
        {
            var names = new ErasedNames(waiting.Names ?? []);
            entries += audit.Erase(names.AreIn, whole: false, waiting.By, $"erasure {waiting.Id}", waiting.Why);
            await store.WriteAsync(writer =>
            {
                if (writer.Get(Erasure.Table, waiting.Id) is { } now)
                {
                    List<string> left = [.. now.Waiting.Where(w => w != audit.Replica)];
                    writer.Put(Erasure.Table, now with { Waiting = left, Names = left.Count > 0 ? now.Names : null });
                }

                return true;
            });
        }

        return entries;
    }

    private void Refuse(Subject subject, string user, Audit.LookReason why)
    {
        var holds = Holds.In(store);
        if (subject.Passages.Select(id => holds.On(PassageRecords.Of(store, id))).FirstOrDefault(h => h is not null) is { } hold)
        {
            audit.Append(user, "vehicle.erase", why: why.ToString(), result: $"refused: hold {hold.Id}");
            throw new InputException($"a legal hold of {hold.At:u} by {hold.By} ({hold.Reason}) is on it: nothing was erased. A supervisor can lift it on the page Retention.");
        }
    }

    // What names it and hangs on no passage: messages that were put aside, and booked crossings.
    private Task<Erasure> LooseAsync(Erasure erasure, Subject subject, CancellationToken cancellation)
    {
        List<Quarantined> aside = [.. store.All(Quarantined.Table).Where(q => q.Kind == "sighting" && IsNamed(q, subject))];
        List<Bookings.Booking> booked = [.. subject.Texts.SelectMany(text => bookings.Of(text, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, MostPassages))];
        return aside.Count + booked.Count == 0 ? Task.FromResult(erasure) : deleter.RunAsync(
            erasure,
            [],
            (_, _) => { },
            (_, eraser, _) =>
            {
                eraser.Delete(aside, Quarantined.Table);
                eraser.Delete(booked.DistinctBy(b => b.Id, StringComparer.Ordinal), Bookings.Booking.Table);
                return [];
            },
            cancellation);
    }

    private static bool IsNamed(Quarantined item, Subject subject)
    {
        try
        {
            return subject.Texts.Contains(PlateText.Fold(Sighting.Parser.ParseFrom(item.Message).Text));
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return false; // it holds no text
        }
    }

    // Every hub that has signed a head of late may have entries of its own about it.
    private async Task<Erasure> WaitAsync(Erasure erasure, Subject subject)
    {
        var hubs = new HashSet<string>(StringComparer.Ordinal) { audit.Replica };
        hubs.UnionWith(store.Range(Audit.AuditHead.ByTime, Keys.Time(time.GetUtcNow() - Alive), Keys.Last.ToString(), int.MaxValue).Select(h => h.Replica));
        var waiting = erasure with { Waiting = [.. hubs.Order(StringComparer.Ordinal)], Names = [.. subject.Names] };
        await store.WriteAsync(writer =>
        {
            writer.Put(Erasure.Table, waiting);
            return true;
        });
        return waiting;
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
    /// <param name="Passages">Passages of its vehicles.</param>
    /// <param name="Texts">Registrations that were read of its own sightings.</param>
    /// <param name="Names">All by which an audit entry may name it: ids, and those registrations.</param>
    private sealed record Subject(IReadOnlyList<string> Passages, IReadOnlySet<string> Texts, IReadOnlyList<string> Names)
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
            var texts = sightings.Select(s => s.Text).Where(t => t.Length >= LeastPlate).ToHashSet(StringComparer.Ordinal);
            if (text.Length > 0)
            {
                texts.Add(text);
            }

            var hanging = passages.Select(id => PassageRecords.Of(store, id)).SelectMany(p => (IEnumerable<string>)
                [p.Id, .. p.Sightings.Select(s => s.Id), .. p.Alerts.Select(a => a.Id), .. p.Searches.Select(s => s.Message.Id), .. p.Dispositions.Select(d => d.Message.Id)]);
            return new Subject(passages, texts, [.. vehicles.Concat(hanging).Concat(texts).Distinct(StringComparer.Ordinal)]);
        }
    }
}
