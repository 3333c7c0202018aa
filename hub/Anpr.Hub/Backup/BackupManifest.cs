using System.Text.Json;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Backup;

/// <summary>What stands in a backup; written last, so that one without it is none.</summary>
/// <param name="At">When it was taken, UTC.</param>
/// <param name="Store">The embedded store is in it; with PostgreSQL the database has a backup of its own.</param>
/// <param name="AuditHead">Head of the audit log then, "number:hash".</param>
/// <param name="Files">Name, and lower-case hex SHA-256, of every file but the pictures, whose names are their hashes.</param>
/// <param name="Pictures">How many pictures.</param>
public sealed record BackupManifest(DateTimeOffset At, bool Store, string AuditHead, IReadOnlyDictionary<string, string> Files, long Pictures)
{
    /// <summary>Its name in a backup.</summary>
    public const string FileName = "backup.json";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Writes it into the folder of a backup, flushed to disk.</summary>
    public void Write(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, FileName), FileMode.Create, FileAccess.Write);
        JsonSerializer.Serialize(file, this, Json);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Reads that of a backup.</summary>
    /// <exception cref="InputException">There is none, or it is broken.</exception>
    public static BackupManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is empty");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder} holds no whole backup ({error.Message.Split('\n')[0].TrimEnd('.')}). Give the folder that `hub backup` printed.", error);
        }
    }
}
