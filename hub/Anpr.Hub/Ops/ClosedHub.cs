using Anpr.Hub.Access;
using Anpr.Hub.Backup;
using Anpr.Hub.Movements;
using Anpr.Hub.Retention;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Ops;

/// <summary>The features of a hub that does not run, for commands that work on its store directly.</summary>
internal sealed class ClosedHub : IAsyncDisposable
{
    private readonly IDisposable held;
    private readonly ServiceProvider services;

    private ClosedHub(IDisposable held, ServiceProvider services)
    {
        this.held = held;
        this.services = services;
    }

    public IStore Store => services.GetRequiredService<IStore>();

    public AccessDesk Desk => services.GetRequiredService<AccessDesk>();

    public HoldDesk Holds => services.GetRequiredService<HoldDesk>();

    public ErasureDesk Erasures => services.GetRequiredService<ErasureDesk>();

    public BackupDesk Backups => services.GetRequiredService<BackupDesk>();

    public Transfer Transfer => services.GetRequiredService<Transfer>();

    /// <param name="files">The hub's folder.</param>
    /// <param name="store">Connection string of PostgreSQL; null for the embedded store.</param>
    /// <exception cref="InputException">There is no hub in the folder, or another process works on it.</exception>
    public static ClosedHub Open(HubFiles files, string? store = null)
    {
        Authority.Load(files).Dispose();
        var taken = HubLock.Take(files);
        var all = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddAccessCore(files)
            .AddCore(files.Path, store);
        return new ClosedHub(taken, all.BuildServiceProvider());
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        held.Dispose();
    }
}
