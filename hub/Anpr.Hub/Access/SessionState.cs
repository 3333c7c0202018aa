using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Anpr.Hub.Access;

/// <summary>Looks again and again whether the session behind an open page is still good.</summary>
internal sealed class SessionState(ILoggerFactory loggers, Sessions sessions) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        Task.FromResult(sessions.IsGood(authenticationState.User));
}

/// <summary>Notes each click and key on an open page as a use of its session.</summary>
internal sealed class SessionUse(AuthenticationStateProvider state, Sessions sessions) : CircuitHandler
{
    /// <inheritdoc/>
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        sessions.Used((await state.GetAuthenticationStateAsync()).User);
        await next(context);
    };
}
