using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>One process a data folder: held while a hub runs or a command works on the files directly.</summary>
public static class HubLock
{
    /// <summary>Takes the lock until the result is disposed. The system lets go of it when the process dies.</summary>
    /// <exception cref="InUseException">Another process has it.</exception>
    public static IDisposable Take(HubFiles folder)
    {
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
