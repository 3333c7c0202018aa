using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Movements;

/// <summary>
/// Asks of vehicles that were just seen whether they keep company. It reads months of sightings, so that it stands beside the way of a sighting
/// and never in it: what it falls behind with is left out.
/// </summary>
internal sealed partial class CompanyWatch(CompanyBook book, Assessor assessor, IStore store, HubFeed feed, TimeProvider time, ILogger<CompanyWatch> log) : BackgroundService
{
    private const int PerVehicle = 20;

    /// <summary>Tells the company of a vehicle, if it keeps any that is to be told.</summary>
    /// <returns>The alert; null when there is none.</returns>
    public async Task<Alert?> LookAsync(StoredSighting sighting)
    {
        var stays = store.Range(StoredSighting.ByVehicle, Keys.Join(sighting.Vehicle, ""), Keys.Join(sighting.Vehicle, Keys.Time(sighting.CapturedAt)), PerVehicle, newestFirst: true).Reverse().ToList();
        if (sighting.Late || stays.Count < CompanyRule.Least || store.Get(Vehicle.Table, sighting.Vehicle) is not { } vehicle)
        {
            return null; // most vehicles come too seldom: nothing more is read for them
        }

        if (CompanyRule.Of(vehicle.Text, [.. book.CompanyOf(vehicle.Id).Select(c => (c.Vehicle, c.Found))]) is not { } hit)
        {
            return null;
        }

        var alert = await store.WriteAsync(writer => ToldCompany.TryTell(writer, vehicle.Id, hit.About, time.GetUtcNow()) ? assessor.OnCompany(writer, sighting, hit with { Rests = stays.Last(s => s.Id != sighting.Id).Id }) : null);
        if (alert is not null)
        {
            feed.Publish(new AlertEvent(time.GetUtcNow(), alert, null));
        }

        return alert;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var seen = feed.Subscribe();
        try
        {
            await foreach (var happened in seen.Events.ReadAllAsync(stoppingToken))
            {
                if (happened is SightingEvent { Sighting: { } sighting } && sighting.Message.Stage == Proto.V1.Stage.Closed)
                {
                    await LookSafelyAsync(sighting);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the hub stops
        }
    }

    private async Task LookSafelyAsync(StoredSighting sighting)
    {
        try
        {
            await LookAsync(sighting);
        }
        catch (StoreFailedException failed)
        {
            LogFailed(log, failed.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether a vehicle keeps company was not asked: {Fault}")]
    private static partial void LogFailed(ILogger log, string fault);
}
