using System.Text.Json;
using System.Text.Json.Serialization;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>Keeps <see cref="AccessState"/> in one small file. Thread-safe; one process a file (see <see cref="HubLock"/>).</summary>
internal sealed class AccessStore
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly Lock gate = new();
    private readonly string path;
    private readonly TimeProvider time;
    private AccessState state;

    /// <exception cref="InputException">The file is broken.</exception>
    public AccessStore(HubFiles folder, TimeProvider time)
    {
        path = folder.AccessState;
        this.time = time;
        try
        {
            state = File.Exists(path) ? JsonSerializer.Deserialize<AccessState>(File.ReadAllText(path), Json) ?? AccessState.Empty : AccessState.Empty;
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}, line {e.LineNumber + 1}: {e.Path} cannot be read. Put the file back from a backup.");
        }
    }

    public AccessState State
    {
        get
        {
            lock (gate)
            {
                return state;
            }
        }
    }

    /// <summary>Applies one change; it is on disk before this returns, and nothing changes when <paramref name="change"/> throws.</summary>
    public T Change<T>(Func<AccessState, DateTimeOffset, (AccessState State, T Result)> change)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var (next, result) = change(state.Tidy(now), now);
            HubFiles.Write(path, JsonSerializer.Serialize(next, Json));
            state = next;
            return result;
        }
    }
}
