using System.CommandLine;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Retention;

/// <summary><c>hub hold</c> and <c>hub erase</c>: through the running hub, or on its store when none runs. Each is in the audit log as typed on this machine.</summary>
internal static class RetentionCommands
{
    private static string Me => AccessDesk.LocalName;

    public static Command Hold()
    {
        var (data, store) = (DataOption.Create(), StoreOption.Create());
        var reason = Reason("why: a code and a reference; it is logged");
        var (plate, vehicle) = (Plate(), Vehicle());
        var passage = new Option<string?>("--passage") { HelpName = "ID", Description = "a passage, by its id" };
        var id = new Argument<string>("ID") { Description = "the hold's id, as `hub hold list` prints it" };

        var place = new Command("place", "keeps what is known of a plate, a vehicle or a passage beyond its period; prints the hold's id") { plate, vehicle, passage, reason, data, store };
        place.SetAction(async (parsed, _) =>
        {
            List<(string Kind, string Of)> named = [.. new[] { ("plate", parsed.GetValue(plate)), ("vehicle", parsed.GetValue(vehicle)), ("passage", parsed.GetValue(passage)) }.Where(n => n.Item2 is not null).Select(n => (n.Item1, n.Item2!))];
            if (named is not [var (kind, of)])
            {
                throw new InputException("give one of --plate, --vehicle and --passage.");
            }

            var why = parsed.GetValue(reason);
            await using var desk = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            Out((await desk.AskAsync<HoldRow>(
                client => client.PostAsJsonAsync("/admin/holds", new HoldBody(kind, of, why)),
                async hub => HoldRow.Row(await hub.Holds.PlaceAsync(kind, of, why, Me), named: true))).Id);
        });

        var lift = new Command("lift", "lifts a hold: the period counts again") { id, reason, data, store };
        lift.SetAction(async (parsed, _) =>
        {
            var (hold, why) = (parsed.GetRequiredValue(id), parsed.GetValue(reason));
            await using var desk = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            Out(Line(await desk.AskAsync<HoldRow>(
                client => client.PostAsJsonAsync($"/admin/holds/{Uri.EscapeDataString(hold)}/lift", new LiftBody(why)),
                async hub => await LiftAsync(hub.Holds, hold, why))));
        });

        var list = new Command("list", "prints all holds, those that stand first") { data, store };
        list.SetAction(async (parsed, _) =>
        {
            await using var desk = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            (await desk.AskAsync<List<HoldRow>>(client => client.GetAsync(new Uri("/admin/holds", UriKind.Relative)), hub => Task.FromResult(Rows(hub.Holds)))).ForEach(h => Out(Line(h)));
        });
        return new Command("hold", "legal holds: place, lift, list") { place, lift, list };
    }

    public static Command Erase()
    {
        var (data, store) = (DataOption.Create(), StoreOption.Create());
        var (plate, vehicle, reason) = (Plate(), Vehicle(), Reason("CODE:REF of the request; it is logged"));
        var sure = new Option<bool>("--yes") { Description = "what is erased cannot be brought back" };
        var command = new Command("erase", "erases all that is kept of one vehicle, on request") { plate, vehicle, reason, sure, data, store };
        command.SetAction(async (parsed, cancellation) =>
        {
            var body = new ErasureBody(parsed.GetValue(vehicle), parsed.GetValue(plate), parsed.GetValue(reason));
            if ((body.Vehicle is null) == (body.Plate is null))
            {
                throw new InputException("give either --plate or --vehicle.");
            }

            if (!parsed.GetValue(sure))
            {
                throw new InputException($"what is erased cannot be brought back. Add --yes to erase all that is kept of {body.Plate ?? body.Vehicle}.");
            }

            await using var desk = await OpenDesk.AtAsync(parsed.GetRequiredValue(data), parsed.GetValue(store));
            Out(await desk.AskAsync<string>(client => client.PostAsJsonAsync("/admin/erasures", body, cancellation), hub => EraseAsync(hub.Erasures, body, cancellation)));
        });
        return command;
    }

    /// <summary>The running hub's side, on its socket only.</summary>
    public static void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/holds", (HoldDesk desk) => Results.Json(Rows(desk), Movements.RowJson.Options));
        admin.MapPost("/holds", async (HoldBody body, HoldDesk desk) => Results.Json(HoldRow.Row(await desk.PlaceAsync(body.Kind, body.Of, body.Reason, Me), named: true), Movements.RowJson.Options));
        admin.MapPost("/holds/{id}/lift", async (string id, LiftBody body, HoldDesk desk) => Results.Json(await LiftAsync(desk, id, body.Reason), Movements.RowJson.Options));
        admin.MapPost("/erasures", async (ErasureBody body, ErasureDesk desk, IHostApplicationLifetime hub) => Results.Json(await EraseAsync(desk, body, hub.ApplicationStopping)));
    }

    private static async Task<HoldRow> LiftAsync(HoldDesk desk, string id, string? reason) =>
        HoldRow.Row(await desk.LiftAsync(id, reason, Me) ?? throw new InputException($"there is no hold '{id}'. `hub hold list` prints all."), named: true);

    private static List<HoldRow> Rows(HoldDesk desk) => [.. desk.LookAtAll(Me).Select(h => HoldRow.Row(h, named: true))];

    private static async Task<string> EraseAsync(ErasureDesk desk, ErasureBody body, CancellationToken cancellation)
    {
        var done = await desk.EraseAsync(body.Vehicle, body.Plate, body.Reason, Me, cancellation);
        var listed = done.Listed > 0 ? $" {done.Listed} watchlist entries have this registration: they stay until a supervisor ends them." : "";
        return $"erased: {done.Erasure.Words}; the content of {done.Entries} audit entries. Proof: erasure {done.Erasure.Id}.{listed}";
    }

    private static string Line(HoldRow hold) =>
        $"{hold.Id}\t{hold.Kind} {hold.Of}\t{hold.Reason}\t{hold.By}\t{hold.At:u}\t{(hold.LiftedAt is { } lifted ? $"lifted {lifted:u} by {hold.LiftedBy}" : "stands")}";

    private static Option<string?> Plate() => new("--plate") { HelpName = "PLATE", Description = "a registration: every vehicle that was ever read so" };

    private static Option<string?> Vehicle() => new("--vehicle") { HelpName = "ID", Description = "a vehicle, by its id" };

    private static Option<string?> Reason(string words) => new("--reason") { HelpName = "CODE:REF", Description = words };

    private static void Out(string line) => System.Console.Out.WriteLine(line);
}
