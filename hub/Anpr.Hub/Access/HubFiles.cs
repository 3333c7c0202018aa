using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>The hub's data folder: the names of its files, and the only way in which secrets are written into it.</summary>
/// <param name="Path">Full path.</param>
public sealed record HubFiles(string Path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The authority's certificate.</summary>
    public string AuthorityCertificate => File("authority.pem");

    /// <summary>The authority's private key.</summary>
    public string AuthorityKey => File("authority-key.pem");

    /// <summary>The gRPC server's certificate.</summary>
    public string ServerCertificate => File("server.pem");

    /// <summary>The gRPC server's private key.</summary>
    public string ServerKey => File("server-key.pem");

    /// <summary>Private key (ECDSA P-256) that signs watchlist deltas.</summary>
    public string WatchlistKey => File("watchlist-key.pem");

    /// <summary>Where this hub is reached.</summary>
    public string Addresses => File("addresses.json");

    /// <summary>What an administrator has set; it need not be there.</summary>
    public string Settings => File("hub.json");

    /// <summary>The socket on which a running hub takes administrative commands.</summary>
    public string Socket => File("hub.sock");

    /// <summary>Held by the one process that works on this folder.</summary>
    public string Lock => File("hub.lock");

    /// <summary>True once <c>hub init</c> has been here.</summary>
    public bool IsInitialised => System.IO.File.Exists(AuthorityCertificate) && System.IO.File.Exists(AuthorityKey);

    /// <summary>Full path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the folder, readable by its owner only.</summary>
    public void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The text of a file that the hub keeps.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return System.IO.File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read ({error.Message.TrimEnd('.')}). Run the hub as the user who owns it, or put it back from a backup.", error);
        }
    }

    /// <summary>Replaces a file as a whole, mode 0600, on disk when this returns: a crash leaves the old or the new one.</summary>
    public static void Write(string path, string text)
    {
        var next = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(next, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        System.IO.File.Move(next, path, overwrite: true);
    }
}
