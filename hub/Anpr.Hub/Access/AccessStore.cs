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
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
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
        state = File.Exists(path) ? Parse(HubFiles.Read(path)) : AccessState.Empty;
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

    private AccessState Parse(string text)
    {
        try
        {
            var read = JsonSerializer.Deserialize<AccessState>(text, Json);
            return read is null || new IEnumerable<object?>[] { read.Users, read.Links, read.Grants, read.Lanes, read.Ended }.Any(list => list.Contains(null))
                ? throw new JsonException("a part is null", "$", 0, 0)
                : read;
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}, line {e.LineNumber + 1}: {e.Path} cannot be read. Put the file back from a backup.", e);
        }
    }
}
