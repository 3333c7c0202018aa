namespace Anpr.Edge.Ops;

/// <summary>Sees to it that one program at a time uses a data folder. The kernel takes the lock away with the process, however it ends.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="UserError">Another program has it, or the folder cannot be written.</exception>
    public static DataLock Take(string data)
    {
        var path = Path.Combine(data, "lane.lock");
        try
        {
            return new DataLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (DirectoryNotFoundException e)
        {
            throw new UserError($"{data}: there is no such folder. Run `./anpr lane enrol --data {data} --token TOKEN` first.", e);
        }
        catch (IOException e)
        {
            throw new UserError($"{data} is in use: another `./anpr lane run` runs on it. Stop that one, or use another folder.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UserError($"{data} cannot be written by this user. Check the folder's owner and mode.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
