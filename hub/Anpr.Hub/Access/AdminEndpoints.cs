using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>The running hub's side of <see cref="SocketDesk"/>: on its socket only, which only the data folder's owner can open.</summary>
internal static class AdminEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var admin = endpoints.MapGroup("/admin").At(Listener.Admin).AllowAnonymous().DisableAntiforgery();
        admin.AddEndpointFilter(async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (InputException refused)
            {
                return Results.Text(refused.Message, statusCode: StatusCodes.Status400BadRequest);
            }
            catch (IOException failed)
            {
                return Results.Text($"the hub cannot keep that: {failed.Message}", statusCode: StatusCodes.Status507InsufficientStorage);
            }
        });
        admin.MapPost("/tokens", (TokenRequest r, AccessDesk desk) => desk.TokenAsync(r.Port, r.Lane, r.Addresses).Json());
        admin.MapPost("/revocations", (TokenRequest r, AccessDesk desk) => desk.RevokeAsync(r.Port, r.Lane).Json());
        admin.MapGet("/users", (AccessDesk desk) => desk.UsersAsync().Json());
        admin.MapPost("/users", (UserRequest r, AccessDesk desk) => desk.AddUserAsync(r.Name, Names.Read<Role>("role", r.Role), r.Ports).Json());
        admin.MapDelete("/users/{name}", (string name, string? successor, AccessDesk desk) => desk.RemoveUserAsync(name, successor).Json());
        admin.MapPost("/links", (LinkRequest r, AccessDesk desk) => desk.LinkAsync(r.Name, r.Console).Json());
        admin.MapGet("/keys", (AccessDesk desk) => desk.KeysAsync().Json());
        admin.MapPost("/keys", (KeyRequest r, AccessDesk desk) => desk.AddKeyAsync(r.Name, r.Scopes, r.Days).Json());
        Retention.RetentionCommands.Map(admin);
        admin.MapDelete("/keys/{name}", (string name, AccessDesk desk) => desk.RevokeKeyAsync(name).Json());
    }

    // A bare string would go out as plain text: JSON keeps one rule for all answers.
    private static async Task<IResult> Json<T>(this Task<T> work) => Results.Json(await work);

    private static async Task<IResult> Json(this Task work)
    {
        await work;
        return Results.Json("");
    }
}
