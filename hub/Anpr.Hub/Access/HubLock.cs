using System.Text;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>One process a data folder: held while a hub runs or a command works on the files directly.</summary>
public static class HubLock
{
    // sockaddr_un holds 108 bytes with the closing zero (unix(7)).
    private const int LongestSocket = 107;

    // A command holds the folder for a moment, a hub that starts for a little longer before it answers.
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>As <see cref="Take"/>; waits for a command that is just at work, but not for a hub that runs.</summary>
    /// <exception cref="InUseException">A hub runs, or the lock did not become free in time.</exception>
    public static async Task<IDisposable> TakeAsync(HubFiles folder, TimeProvider time, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                return Take(folder);
            }
            catch (InUseException) when (time.GetElapsedTime(began) < Patience && !SocketDesk.Answers(folder))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellation);
            }
        }
    }

    /// <summary>Takes the lock until the result is disposed. The system lets go of it when the process dies.</summary>
    /// <exception cref="InUseException">Another process has it.</exception>
    /// <exception cref="InputException">The folder's path is too long.</exception>
    public static IDisposable Take(HubFiles folder)
    {
        if (Encoding.UTF8.GetByteCount(folder.Socket) > LongestSocket)
        {
            throw new InputException($"the path of the data folder {folder.Path} is too long for the hub's socket in it. Use one of {LongestSocket - "/hub.sock".Length} bytes at most.");
        }

        folder.Create();
        try
        {
            return new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new InUseException($"another process works on {folder.Path}. Stop it, or wait until it answers on {folder.Socket}.");
        }
    }
}

/// <summary>Another process works on the data folder.</summary>
public sealed class InUseException(string message) : InputException(message);
