using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>Keys with which programs use the REST API: each opens some parts of it, for some time.</summary>
public sealed class ApiKeys
{
    /// <summary>Every key begins so, so that one that leaks into a repository or a log is recognised.</summary>
    public const string Prefix = "anpr_";

    /// <summary>How long a key works when nothing else is said, and at most.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromDays(90), Longest = TimeSpan.FromDays(366);

    private readonly AccessStore store;
    private readonly TimeProvider time;

    internal ApiKeys(AccessStore store, TimeProvider time)
    {
        this.store = store;
        this.time = time;
    }

    /// <summary>All that were ever made, by name.</summary>
    public IReadOnlyList<ApiKey> All => [.. store.State.Keys.Values.OrderBy(k => k.Name, StringComparer.Ordinal)];

    /// <summary>Makes a key.</summary>
    /// <returns>The key itself, which is not kept.</returns>
    /// <exception cref="InputException">The name is taken or has another shape, a scope is unknown, or the time is too long.</exception>
    public Task<string> AddAsync(string name, IReadOnlyList<string> scopes, TimeSpan life) => store.ChangeAsync((state, now) =>
    {
        if (!Users.NameShape().IsMatch(name) || state.Keys.ContainsKey(name))
        {
            throw new InputException($"'{name}' {(state.Keys.ContainsKey(name) ? "is a key already. Give another name: a name is used once, so that the audit log tells keys apart." : "is no name for a key: 2 to 40 of a-z, 0-9, '.', '-' and '_', beginning with a letter.")}");
        }

        if (scopes.Count == 0 || scopes.FirstOrDefault(s => !Policies.Scopes.Contains(s, StringComparer.Ordinal)) is { } || scopes.Distinct(StringComparer.Ordinal).Count() < scopes.Count)
        {
            throw new InputException($"scopes '{string.Join(',', scopes)}': name one at least of {string.Join(", ", Policies.Scopes)}, each once.");
        }

        if (life <= TimeSpan.Zero || life > Longest)
        {
            throw new InputException($"a key works for 1 to {(int)Longest.TotalDays} days.");
        }

        var key = Prefix + Secret.New();
        return (state with { Keys = state.Keys.Add(name, new ApiKey(name, Secret.Hash(key), [.. scopes], now, now + life, null)) }, key);
    });

    /// <summary>Refuses a key from now on.</summary>
    /// <exception cref="InputException">There is no such key.</exception>
    public Task<ApiKey> RevokeAsync(string name) => store.ChangeAsync((state, now) =>
    {
        var key = state.Keys.GetValueOrDefault(name) ?? throw new InputException($"there is no key '{name}'. `hub key list` shows all.");
        key = key with { RevokedAt = key.RevokedAt ?? now };
        return (state with { Keys = state.Keys.SetItem(name, key) }, key);
    });

    /// <summary>The key that this is, null when there is none, or it is over.</summary>
    public ApiKey? Find(string key)
    {
        var hash = Secret.Hash(key);
        return store.State.Keys.Values.FirstOrDefault(k => k.Hash == hash && k.RevokedAt is null && k.ExpiresAt > time.GetUtcNow());
    }
}
