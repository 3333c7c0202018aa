using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Proto.V1;
using Google.Protobuf;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Ingest;

/// <summary>
/// Takes in one message: checks, stores, links and assesses it in one transaction, then tells who listens. What it answered
/// is true for ever: a message that was answered stored survives a kill at any moment.
/// </summary>
public sealed partial class Intake(
    IStore store, Linker linker, Assessor assessor, WatchlistBook watchlist, HubFeed feed, MergeAudit merges, TimeProvider time, ILogger<Intake> logger)
{
    /// <summary>Takes in a message of a lane. Never throws for what the message holds.</summary>
    /// <param name="lane">Who sends it.</param>
    /// <param name="message">The message.</param>
    /// <param name="past">True for records of the past: their alerts are marked as found in the past.</param>
    /// <returns>The answer, once it is durable.</returns>
    public async Task<IngestAnswer> AcceptAsync(LaneIdentity lane, IngestMessage message, bool past = false)
    {
        var incoming = Incoming.Of(message);
        var now = time.GetUtcNow();
        var fault = MessageCheck.Fault(incoming, now);
        var result = fault is null
            ? await TakeAsync(lane, incoming, message, now, past)
            : await store.WriteAsync(writer => PutAside(writer, lane, incoming, message, now, fault, security: false));
        if (result.Outcome is Outcome.Quarantined or Outcome.Refused)
        {
            LogPutAside(logger, lane.Port, lane.Lane, incoming.Kind, result.Outcome, result.Reason);
        }

        foreach (var happened in result.Events)
        {
            feed.Publish(happened);
        }

        await LearnAsync(result, lane, incoming);

        return new IngestAnswer { Sequence = message.Sequence, Outcome = result.Outcome, Reason = result.Reason };
    }

    // What is stored is stored: what fails now is made up for later, and the lane must not send again for it.
    private async Task LearnAsync(Taken taken, LaneIdentity lane, Incoming incoming)
    {
        try
        {
            taken.Stored();
            await merges.WriteAsync(taken.Merges);
            await watchlist.ListedAsync(taken.Listed);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException) // the store may have closed
        {
            LogStumbled(logger, error, lane.Port, lane.Lane, incoming.Kind);
        }
    }

    private async Task<Taken> TakeAsync(LaneIdentity lane, Incoming incoming, IngestMessage message, DateTimeOffset now, bool past)
    {
        try
        {
            var digest = incoming.Digest(); // here, where other messages need not wait for it
            return await store.WriteAsync(writer => Take(writer, lane, incoming, message, digest, now, past), Foresight(lane, incoming, now));
        }
#pragma warning disable CA1031 // a message that the hub stumbles over is put aside, so that nothing behind it waits
        catch (Exception error) when (error is not (IOException or ObjectDisposedException))
#pragma warning restore CA1031
        {
            LogStumbled(logger, error, lane.Port, lane.Lane, incoming.Kind);
            const string Fault = "the hub could not work on this message; its log says why. Report it with the message from the quarantine.";
            return await store.WriteAsync(writer => PutAside(writer, lane, incoming, message, now, Fault, security: false));
        }
    }

    private Action<IStoreLookup> Foresight(LaneIdentity lane, Incoming incoming, DateTimeOffset now)
    {
        var key = incoming.Key;
        var sighting = incoming.Body is Sighting message ? new StoredSighting(message.Id, lane.Port, lane.Lane, message, "", now, false, "", 0, []) : null;
        var link = sighting is null ? null : linker.Foresee(sighting.Id, sighting.Text, sighting.CapturedAt);
        return store =>
        {
            store.Get(RevisionRecord.Table, key);
            WatchlistBook.Foresee(store);
            Ownership.Foresee(store, incoming);
            if (sighting is not null)
            {
                assessor.Foresee(store, sighting, link!(store));
            }
            else if (incoming.Body is Passage passage)
            {
                Assessor.Foresee(store, passage.Id);
                if (passage.Stage == Stage.Closed)
                {
                    ReturnList.ForeseeFollow(store, passage.Id);
                }
            }
            else if (incoming.Body is Disposition disposition)
            {
                ReturnList.Foresee(store, disposition.PassageId);
            }
        };
    }

    private Taken Take(IStoreWriter writer, LaneIdentity lane, Incoming incoming, IngestMessage message, string digest, DateTimeOffset now, bool past)
    {
        if (writer.Get(RevisionRecord.Table, incoming.Key) is { } old)
        {
            return old.Digest == digest && old.Port == lane.Port && old.Lane == lane.Lane
                ? new Taken(Outcome.Duplicate, "", [])
                : PutAside(writer, lane, incoming, message, now, $"{incoming.Kind} {incoming.Id} revision {incoming.Revision} was stored before with other content. Use a new revision.", security: true);
        }

        if (Ownership.Fault(writer, lane, incoming) is { } foreign)
        {
            return PutAside(writer, lane, incoming, message, now, foreign, security: true);
        }

        if (Ownership.Unknown(writer, incoming) is { } unknown)
        {
            return PutAside(writer, lane, incoming, message, now, unknown, security: false);
        }

        var (body, picture) = incoming.Split();
        var sha256 = picture.IsEmpty ? "" : writer.PutPicture(picture.Memory);
        writer.Put(RevisionRecord.Table, new RevisionRecord(
            incoming.Kind, incoming.Id, incoming.Revision, lane.Port, lane.Lane, now, digest, body.ToByteArray(), sha256));
        return body switch
        {
            Sighting sighting => TakeSighting(writer, lane, sighting, sha256, now, past),
            Passage passage => TakePassage(writer, lane, passage, sha256, now),
            Search search => TakeSearch(writer, lane, search),
            Disposition disposition => TakeDisposition(writer, disposition, now),
            _ => new Taken(Outcome.Stored, "", []),
        };
    }

    private Taken TakeSighting(IStoreWriter writer, LaneIdentity lane, Sighting message, string patch, DateTimeOffset now, bool past)
    {
        if (writer.Get(StoredSighting.Table, message.Id) is { } newer && newer.Message.Revision > message.Revision)
        {
            return new Taken(Outcome.Stored, "", []); // kept as a revision; a later one is already shown
        }

        var late = now - LaneClock.At(message.DecidedAt, message.TimeQuality) > StoredSighting.LateAfter;
        var sighting = new StoredSighting(message.Id, lane.Port, lane.Lane, message, patch, now, late, "", 0, []);
        var linked = linker.Link(writer, sighting);
        var latency = Latency(message.DecidedAt, message.TimeQuality);
        var assessed = assessor.OnSighting(writer, linked, watchlist.MatcherIn(writer), past);
        var alerts = assessor.OnMoved(writer, linked.Moved).Concat(assessed.Alerts);
        return new Taken(Outcome.Stored, "", [new SightingEvent(now, linked.Sighting, linked.Vehicle, latency), .. alerts.Select(a => new AlertEvent(now, a, latency))])
        {
            Merges = linked.Merges,
            Stored = () =>
            {
                linker.Learn(linked);
                if (assessed.Dwell is { } took)
                {
                    assessor.Learn(linked.Sighting, took);
                }
            },
        };
    }

    private Taken TakePassage(IStoreWriter writer, LaneIdentity lane, Passage message, string picture, DateTimeOffset now)
    {
        var before = writer.Get(StoredPassage.Table, message.Id);
        if (before?.Message.Revision > message.Revision)
        {
            return new Taken(Outcome.Stored, "", []);
        }

        var decided = message.ClosedAt ?? message.OpenedAt;
        var late = now - LaneClock.At(decided, message.TimeQuality) > StoredSighting.LateAfter;
        var passage = new StoredPassage(message.Id, lane.Port, lane.Lane, message, picture, now, late);
        writer.Put(StoredPassage.Table, passage);
        var latency = Latency(decided, message.TimeQuality);
        return new Taken(Outcome.Stored, "", [new PassageEvent(now, passage, latency), .. assessor.OnPassage(writer, passage, before).Select(a => new AlertEvent(now, a, latency))])
        {
            Stored = before?.Message.Stage == Stage.Closed ? Nothing : () => assessor.Learn(passage),
            Listed = message.Stage == Stage.Closed ? ReturnList.Follow(writer, passage.Id, now) : [],
        };
    }

    private static Taken TakeSearch(IStoreWriter writer, LaneIdentity lane, Search search)
    {
        if (!(writer.Get(StoredSearch.Table, search.Id)?.Message.Revision > search.Revision))
        {
            writer.Put(StoredSearch.Table, new StoredSearch(search, lane.Port));
        }

        return new Taken(Outcome.Stored, "", []);
    }

    private Taken TakeDisposition(IStoreWriter writer, Disposition disposition, DateTimeOffset now)
    {
        if (writer.Get(StoredDisposition.Table, disposition.Id)?.Message.Revision > disposition.Revision)
        {
            return new Taken(Outcome.Stored, "", []);
        }

        writer.Put(StoredDisposition.Table, new StoredDisposition(disposition));
        return new Taken(Outcome.Stored, "", []) { Listed = ReturnList.Apply(writer, disposition.PassageId, now) };
    }

    private static void Nothing()
    {
        // most messages have nothing to be done once they are stored
    }

    private static Taken PutAside(
        IStoreWriter writer, LaneIdentity lane, Incoming incoming, IngestMessage message, DateTimeOffset now, string fault, bool security)
    {
        var outcome = security ? Outcome.Refused : Outcome.Quarantined;
        var bytes = incoming.Body?.ToByteArray() ?? message.ToByteArray();
        var id = Quarantined.IdOf(lane, incoming.Kind, bytes);
        if (writer.Get(Quarantined.Table, id) is not null)
        {
            return new Taken(outcome, fault, []);
        }

        var item = new Quarantined(id, lane.Port, lane.Lane, incoming.Kind, now, fault, security, bytes);
        writer.Put(Quarantined.Table, item);
        return new Taken(outcome, fault, [new QuarantineEvent(now, item)]);
    }

    private double Latency(Google.Protobuf.WellKnownTypes.Timestamp decided, TimeQuality? quality) =>
        Math.Round((time.GetUtcNow() - Incoming.RealTime(decided, quality)).TotalMilliseconds, 1);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A {Kind} of lane {Port}/{Lane} was {Outcome}: {Reason}")]
    private static partial void LogPutAside(ILogger logger, string port, string lane, string kind, Outcome outcome, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The hub stumbled over a {Kind} of lane {Port}/{Lane}")]
    private static partial void LogStumbled(ILogger logger, Exception error, string port, string lane, string kind);

    private sealed record Taken(Outcome Outcome, string Reason, IReadOnlyList<HubEvent> Events)
    {
        /// <summary>What is to be done once it is stored.</summary>
        public Action Stored { get; init; } = Nothing;

        /// <summary>Entries of the watchlist that what was decided has changed.</summary>
        public IReadOnlyList<ListEntry> Listed { get; init; } = [];

        /// <summary>Vehicles that were joined.</summary>
        public IReadOnlyList<Merge> Merges { get; init; } = [];
    }
}
