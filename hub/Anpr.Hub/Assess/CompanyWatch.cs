using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Assess;

/// <summary>
/// Asks of vehicles that were just seen whether they keep company. It reads months of sightings, so that it stands beside the way of a sighting
/// and never in it: what it falls behind with is left out.
/// </summary>
internal sealed partial class CompanyWatch(CompanyBook book, Assessor assessor, IStore store, HubFeed feed, TimeProvider time, ILogger<CompanyWatch> log) : BackgroundService
{
    private const int PerVehicle = 60;

    // Passages that were looked at last: a sighting is revised after it has closed, and is looked at once.
    private const int Remembered = 2000;
    private readonly HashSet<(string Passage, string Vehicle)> looked = [];
    private readonly Queue<(string Passage, string Vehicle)> inOrder = new();

    /// <summary>Tells the company of a vehicle, if it keeps any that is to be told.</summary>
    /// <returns>The alert; null when there is none.</returns>
    public async Task<Alert?> LookAsync(StoredSighting sighting)
    {
        var from = Keys.Join(sighting.Vehicle, Keys.Time(time.GetUtcNow() - CompanyBook.Back));
        var seen = store.Range(StoredSighting.ByVehicle, from, Keys.Join(sighting.Vehicle, Keys.Time(sighting.CapturedAt)), PerVehicle, newestFirst: true).Reverse().ToList();
        if (sighting.Late || CompanyBook.StaysOf(seen).Count < CompanyRule.Least || store.Get(Vehicle.Table, sighting.Vehicle) is not { } vehicle)
        {
            return null; // most vehicles come too seldom: nothing more is read for them
        }

        if (CompanyRule.Of(vehicle.Text, [.. book.CompanyOf(vehicle.Id).Select(c => (c.Vehicle, c.Found))]) is not { } hit)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var rests = seen.Last(s => s.Id != sighting.Id).Id;
        var alert = await store.WriteAsync(writer =>
        {
            // Months were read meanwhile: it may have been revised, joined to another, or erased.
            if (writer.Get(StoredSighting.Table, sighting.Id) is not { } still || still.Vehicle != vehicle.Id || writer.Get(Vehicle.Table, hit.About) is null
                || writer.Get(StoredSighting.Table, rests)?.Vehicle != vehicle.Id || !ToldCompany.MayTell(writer, vehicle.Id, hit.About, now))
            {
                return null;
            }

            var raised = assessor.OnCompany(writer, still, hit with { Rests = rests });
            if (raised is not null)
            {
                writer.Put(ToldCompany.Table, ToldCompany.Of(vehicle.Id, hit.About, now));
            }

            return raised;
        });
        if (alert is not null)
        {
            feed.Publish(new AlertEvent(time.GetUtcNow(), alert, null));
        }

        return alert;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var seen = feed.Subscribe(typeof(SightingEvent)); // those of other hubs are theirs to look at
        try
        {
            await foreach (var happened in seen.Events.ReadAllAsync(stoppingToken))
            {
                // Who was seen less often than that has stayed less often: most vehicles are, and nothing is read for them.
                if (happened is SightingEvent { Sighting: { } sighting, Vehicle.Sightings: >= CompanyRule.Least } && sighting.Message.Stage == Proto.V1.Stage.Closed && IsFirstLook(sighting))
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

    private bool IsFirstLook(StoredSighting sighting)
    {
        var look = (sighting.Message.PassageId, sighting.Vehicle);
        if (!looked.Add(look))
        {
            return false;
        }

        inOrder.Enqueue(look);
        if (inOrder.Count > Remembered)
        {
            looked.Remove(inOrder.Dequeue());
        }

        return true;
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
