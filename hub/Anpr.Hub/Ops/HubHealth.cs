using Anpr.Hub.Storage;

namespace Anpr.Hub.Ops;

/// <summary>
/// Whether the hub can store: asked by storing nothing, which is a commit. Anybody may ask, so an answer that it can holds
/// for <see cref="Fresh"/>, and all who ask at once share one. Thread-safe.
/// </summary>
internal sealed class HubHealth(IStore store, TimeProvider time)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task<bool>? asked;
    private long askedAt;

    public Task<bool> StoresAsync()
    {
        lock (gate)
        {
            // One that cannot is asked again each time: it writes nothing.
            if (asked is null or { IsCompleted: true, Result: false } || (asked.IsCompleted && time.GetElapsedTime(askedAt) > Fresh))
            {
                askedAt = time.GetTimestamp();
                asked = AskAsync();
            }

            return asked;
        }
    }

    private async Task<bool> AskAsync()
    {
        try
        {
            return await store.WriteAsync(_ => true);
        }
        catch (Exception error) when (error is StoreFailedException or ObjectDisposedException)
        {
            return false;
        }
    }
}
