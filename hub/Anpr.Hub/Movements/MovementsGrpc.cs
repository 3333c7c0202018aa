using System.Globalization;
using Anpr.Hub.Audit;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = Anpr.Proto.V1;

namespace Anpr.Hub.Movements;

/// <summary>Movements over gRPC: reads the messages, asks <see cref="MovementDesk"/>, writes the answers.</summary>
internal sealed class MovementsGrpc(MovementDesk desk, Linker linker, IStore store, TimeProvider time) : MovementsService.MovementsServiceBase
{
    public override Task<FindAnswer> Find(FindRequest request, ServerCallContext context) => Answered(() =>
    {
        var query = Typed(request.Filter).ToQuery(time.GetUtcNow(), request.Page == 0 ? null : (int)Math.Min(request.Page, int.MaxValue));
        var found = desk.Find(By(request.Why, context), query, request.Cursor.Length == 0 ? null : request.Cursor);
        var answer = new FindAnswer { Cursor = found.Cursor ?? "", SearchedTo = found.SearchedTo?.ToTimestamp(), Cut = found.Cut };
        answer.Sightings.AddRange(found.Found.Select(Message));
        return answer;
    });

    public override async Task Export(FindRequest request, IServerStreamWriter<ExportedSighting> responseStream, ServerCallContext context)
    {
        var portion = await Answered(() => desk.Export(By(request.Why, context), Typed(request.Filter).ToQuery(time.GetUtcNow()), "gRPC"));
        foreach (var found in portion.Rows)
        {
            await responseStream.WriteAsync(new ExportedSighting { Sighting = Message(found) }, context.CancellationToken);
        }

        if (ExportTables.NoteOf(portion) is { } note)
        {
            await responseStream.WriteAsync(new ExportedSighting { Note = note }, context.CancellationToken);
        }
    }

    public override Task<JourneyAnswer> Journey(VehicleRequest request, ServerCallContext context) => Answered(() =>
    {
        var journey = desk.JourneyOf(By(request.Why, context), MovementParameters.KnownId(request.Vehicle)) ?? throw new RpcException(new Status(StatusCode.NotFound, "the hub knows no such vehicle; it may have been joined to another"));
        var answer = new JourneyAnswer { Vehicle = journey.Vehicle.Id, Text = journey.Vehicle.Text };
        answer.Stops.AddRange(journey.Sightings.Select(s => Message(new FoundSighting(s))));
        answer.Legs.AddRange(LegRow.Of(journey, linker.Usual).Select(Message));
        return answer;
    });

    public override Task<CompanyAnswer> Company(VehicleRequest request, ServerCallContext context) => Answered(() =>
    {
        var (companions, pairings, _) = desk.CompanyOf(By(request.Why, context), MovementParameters.KnownId(request.Vehicle));
        var answer = new CompanyAnswer();
        answer.Companions.AddRange(companions.Select(c => new Wire.Companion
        {
            Vehicle = c.Vehicle.Id,
            Text = c.Vehicle.Text,
            Together = (uint)c.Found.Together,
            Expected = c.Found.Expected,
            Chance = c.Found.Chance,
        }));
        answer.Pairings.AddRange(pairings.Select(p => new Partner { Vehicle = p.Vehicle.Id, Text = p.Vehicle.Text, Passages = (uint)p.Passages, First = p.First.ToTimestamp(), Last = p.Last.ToTimestamp() }));
        return answer;
    });

    public override Task<SeenAtLaneAnswer> SeenAtLane(SeenAtLaneRequest request, ServerCallContext context) => Answered(() =>
    {
        var (at, around) = LaneQuestion.Read(request.Port, request.Lane, Text(request.Time), request.Minutes == 0 ? null : (int)Math.Min(request.Minutes, int.MaxValue));
        var seen = desk.SeenAt(By(request.Why, context), request.Port, request.Lane, at, around);
        var answer = new SeenAtLaneAnswer { From = seen.From.ToTimestamp(), To = seen.To.ToTimestamp(), More = seen.More };
        foreach (var passage in seen.Passages)
        {
            var message = new Wire.SeenPassage { Id = passage.Id, Time = passage.Time.ToTimestamp() };
            message.Sightings.AddRange(passage.Sightings.Select(s => Message(new FoundSighting(s))));
            if (passage.Passage is { } known)
            {
                message.Score = known.Message.Score;
            }

            answer.Passages.Add(message);
        }

        return answer;
    });

    public override Task<CountSearchesAnswer> CountSearches(CountSearchesRequest request, ServerCallContext context) => Answered(() =>
    {
        var range = StatisticsApi.Range(Text(request.From), Text(request.To), time);
        var counts = desk.Count(By(request.Why, context), range.From, range.To, MovementParameters.KnownPorts(string.Join(',', request.Ports)));
        var answer = new CountSearchesAnswer { Whole = counts.Whole };
        answer.Counts.Add(Message("all", SearchCountRow.Of("all", counts.All)));
        answer.Counts.AddRange(SearchStatistics.Groupings.SelectMany(g => counts.Groups[g].Select(c => Message(g, SearchCountRow.Of(c.Key, c.Value)))));
        return answer;
    });

    private static Asking By(Wire.LookReason? why, ServerCallContext context) => new(context.GetHttpContext().User(), why?.Reason, why?.Text);

    // As in an address, so that there is one way to read a question.
    private static MovementParameters Typed(MovementFilter? filter) => filter is null ? new MovementParameters() : new MovementParameters
    {
        Plate = filter.Plate,
        Match = filter.Fuzzy ? "fuzzy" : "exact",
        Vehicle = filter.Vehicle,
        Pairing = filter.Pairing,
        Port = string.Join(',', filter.Ports),
        Lane = string.Join(',', filter.Lanes),
        Country = filter.Country,
        MinScore = filter.HasMinScore ? filter.MinScore.ToString("R", CultureInfo.InvariantCulture) : null,
        MaxScore = filter.HasMaxScore ? filter.MaxScore.ToString("R", CultureInfo.InvariantCulture) : null,
        Finding = filter.Finding == Search.Types.Finding.Unspecified ? null : Names.Of(filter.Finding),
        Disposition = filter.Disposition == Disposition.Types.Outcome.Unspecified ? null : Names.Of(filter.Disposition),
        From = Text(filter.From),
        To = Text(filter.To),
    };

    private static string? Text(Timestamp? time)
    {
        try
        {
            return time?.ToDateTimeOffset().ToString("O", CultureInfo.InvariantCulture);
        }
        catch (InvalidOperationException)
        {
            return $"{time!.Seconds} s"; // no time of a calendar: refused in words where it is read
        }
    }

    private Wire.FoundSighting Message(FoundSighting found)
    {
        var s = found.Sighting;
        var message = new Wire.FoundSighting
        {
            Sighting = s.Message,
            Port = s.Port,
            Lane = s.Lane,
            Vehicle = s.Vehicle,
            LinkProbability = s.LinkProbability,
            Loose = Vehicle.IsLoose(store, s),
            Late = s.Late,
            ReceivedAt = s.ReceivedAt.ToTimestamp(),
        };
        if (found.Probability is { } probability)
        {
            message.Probability = probability;
        }

        return message;
    }

    private static JourneyLeg Message(LegRow leg) => new()
    {
        FromPort = leg.From,
        ToPort = leg.To,
        Left = leg.Left.ToTimestamp(),
        Arrived = leg.Arrived.ToTimestamp(),
        TookS = leg.TookS,
        Pace = leg.Pace ?? "",
        Usual = leg.Usual is { } usual ? new Wire.UsualTime { ShortestS = usual.ShortestS, MedianS = usual.MedianS, LongestS = usual.LongestS, Counted = (uint)usual.Counted } : null,
    };

    private static Wire.SearchCount Message(string grouping, SearchCountRow c) => new()
    {
        Grouping = grouping,
        Key = c.Key,
        Searches = (uint)c.Searches,
        Finds = (uint)c.Finds,
        People = (uint)c.People,
        Goods = (uint)c.Goods,
        Misreads = (uint)c.Misreads,
        Share = c.Share,
        Low = c.Low,
        High = c.High,
    };

    private static Task<T> Answered<T>(Func<T> answer)
    {
        try
        {
            return Task.FromResult(answer());
        }
        catch (InputException refused)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, refused.Message));
        }
        catch (Exception failed) when (failed is StoreFailedException or AuditFailedException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, failed.Message));
        }
    }
}
