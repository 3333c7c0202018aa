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
        admin.MapPost("/tokens", (TokenRequest r, FileDesk desk) => desk.TokenAsync(r.Port, r.Lane, r.Address).Json());
        admin.MapPost("/revocations", (TokenRequest r, FileDesk desk) => desk.RevokeAsync(r.Port, r.Lane).Json());
        admin.MapGet("/users", (FileDesk desk) => desk.UsersAsync().Json());
        admin.MapPost("/users", (UserRequest r, FileDesk desk) => desk.AddUserAsync(r.Name, Roles.Parse(r.Role)).Json());
        admin.MapDelete("/users/{name}", (string name, FileDesk desk) => desk.RemoveUserAsync(name).Json());
        admin.MapPost("/links", (LinkRequest r, FileDesk desk) => desk.LinkAsync(r.Name, r.Console).Json());
    }

    // A bare string would go out as plain text: JSON keeps one rule for all answers.
    private static async Task<IResult> Json<T>(this Task<T> work) => Results.Json(await work);

    private static async Task<IResult> Json(this Task work)
    {
        await work;
        return Results.Json("");
    }
}
