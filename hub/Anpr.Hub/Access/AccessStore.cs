using System.Runtime.ExceptionServices;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Access;

/// <summary>
/// Keeps <see cref="AccessState"/> in the hub's store, so that all hubs on it know the same users and lanes, and a copy of it in memory, so that
/// each request can be judged without a question. Thread-safe.
/// </summary>
internal sealed class AccessStore : IDisposable
{
    private readonly Lock gate = new();
    private readonly IStore store;
    private readonly TimeProvider time;
    private volatile AccessState state;

    public AccessStore(IStore store, TimeProvider time)
    {
        this.store = store;
        this.time = time;
        store.Elsewhere += Hear;
        state = AccessState.Read(store);
    }

    /// <summary>Raised after the state has changed, here or at another hub, with the one before. Not for two changes at once.</summary>
    public event Action<AccessState, AccessState>? Changed;

    public AccessState State => state;

    /// <summary>Applies one change; it is durable before this completes, and nothing changes when <paramref name="change"/> throws. It may be run twice.</summary>
    /// <exception cref="InputException">What <paramref name="change"/> refuses.</exception>
    /// <exception cref="StoreFailedException">It could not be kept.</exception>
    public Task<T> ChangeAsync<T>(Func<AccessState, DateTimeOffset, (AccessState State, T Result)> change) => ChangeAsync((_, state, now) => change(state, now));

    /// <summary>The same for a change that other records have a say in.</summary>
    public async Task<T> ChangeAsync<T>(Func<IStoreReader, AccessState, DateTimeOffset, (AccessState State, T Result)> change)
    {
        var now = time.GetUtcNow();
        var (result, refused) = await store.WriteAsync(writer =>
        {
            var before = AccessState.Read(writer);
            try
            {
                var (after, made) = change(writer, before.Tidy(now), now);
                after.Write(writer, before);
                return (Made: (T?)made, Refused: (InputException?)null);
            }
            catch (InputException refusal)
            {
                return (default, refusal); // a result, not a failure: the works that share the commit are not to be done again one by one
            }
        });
        if (refused is not null)
        {
            ExceptionDispatchInfo.Throw(refused);
        }

        Reload();
        return result!;
    }

    /// <summary>Lets go of the store.</summary>
    public void Dispose() => store.Elsewhere -= Hear;

    private void Hear(WrittenElsewhere written)
    {
        if (written.Table is null || AccessState.Tables.Any(t => t.Name == written.Table))
        {
            Reload();
        }
    }

    /// <summary>The state read anew: what another hub has written a moment ago may not have been heard of yet.</summary>
    public AccessState Newest()
    {
        Reload();
        return state;
    }

    private void Reload()
    {
        lock (gate)
        {
            var before = state;
            state = AccessState.Read(store);
            Changed?.Invoke(before, state);
        }
    }
}
