namespace Anpr.Edge.Outbox;

/// <summary>The pictures that wait, one file each, named by the SHA-256 of its bytes.</summary>
internal sealed class OverviewFiles
{
    private readonly string _folder;

    /// <summary>Makes <paramref name="folder"/> when it is missing.</summary>
    public OverviewFiles(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    /// <summary>Keeps a picture under its hash; a half-written file never has the final name.</summary>
    public void Write(string sha256, ReadOnlySpan<byte> jpeg)
    {
        var path = PathOf(sha256);
        if (File.Exists(path))
        {
            return;
        }

        var part = path + ".part";
        try
        {
            File.WriteAllBytes(part, jpeg);
        }
        catch
        {
            File.Delete(part);
            throw;
        }

        File.Move(part, path, overwrite: true);
    }

    /// <summary>The picture's bytes, or null when the file is missing or its bytes are not those of its name.</summary>
    public byte[]? Read(string sha256)
    {
        try
        {
            var jpeg = File.ReadAllBytes(PathOf(sha256));
            return string.Equals(Sha256(jpeg), sha256, StringComparison.Ordinal) ? jpeg : null;
        }
        catch (IOException)
        {
            // Gone for room, or the disk is ill: the text is at the hub, only the picture is missing there.
            return null;
        }
    }

    /// <summary>Removes a picture; no error when it is not there.</summary>
    public void Delete(string sha256) => File.Delete(PathOf(sha256));

    /// <summary>Removes every file that no waiting overview names.</summary>
    public void KeepOnly(IReadOnlySet<string> sha256)
    {
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            if (!(path.EndsWith(".jpg", StringComparison.Ordinal) && sha256.Contains(Path.GetFileNameWithoutExtension(path))))
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Lower-case hex SHA-256.</summary>
    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    private string PathOf(string sha256) => Path.Combine(_folder, sha256 + ".jpg");
}
