using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>Lanes that belong to this hub: one-time enrolment tokens, and the one certificate that speaks for each lane.</summary>
public sealed class Lanes
{
    /// <summary>How long an enrolment token works.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(15);

    private readonly AccessStore store;

    internal Lanes(AccessStore store)
    {
        this.store = store;
        store.Changed += Compare;
    }

    /// <summary>Raised after a lane was revoked or enrolled anew, here or at another hub: its open connections are to be cut.</summary>
    public event EventHandler<LaneEndedEventArgs>? Ended;

    /// <summary>All that were ever enrolled, by port and name.</summary>
    public IReadOnlyList<EnrolledLane> All => [.. store.State.Lanes.Values.OrderBy(l => l.Port, StringComparer.Ordinal).ThenBy(l => l.Lane, StringComparer.Ordinal)];

    /// <summary>Makes the secret of a token for one lane; an earlier unspent one for the same lane ends.</summary>
    /// <exception cref="InputException">Port or lane name are not possible.</exception>
    public Task<string> NewTokenAsync(string port, string lane)
    {
        Ports.Check(port, lane);
        return store.ChangeAsync((state, now) =>
        {
            var secret = Secret.New();
            var grant = new Grant(port, lane, Secret.Hash(secret), now + TokenLife, null);
            var earlier = state.Grants.Values.Where(g => g.SpentAt is null && g.Port == port && g.Lane == lane).Select(g => g.Hash);
            return (state with { Grants = state.Grants.RemoveRange(earlier).Add(grant.Hash, grant) }, secret);
        });
    }

    /// <summary>Spends a token. It is marked as spent before anything is signed: a crash costs a token, never gives two certificates.</summary>
    /// <returns>The lane that it was made for.</returns>
    /// <exception cref="InputException">It is unknown, spent or out of date.</exception>
    public Task<LaneIdentity> SpendAsync(string secret) => store.ChangeAsync((state, now) =>
    {
        var grant = state.Grants.GetValueOrDefault(Secret.Hash(secret))
            ?? throw new InputException("the token is not known to this hub. Make one with `hub token`.");
        if (grant.SpentAt is { } spent)
        {
            throw new InputException($"the token was used already at {spent:u}. Make a new one with `hub token`.");
        }

        if (grant.ExpiresAt <= now)
        {
            throw new InputException($"the token is out of date since {grant.ExpiresAt:u}. Make a new one with `hub token`.");
        }

        return (state with { Grants = state.Grants.SetItem(grant.Hash, grant with { SpentAt = now }) }, new LaneIdentity(grant.Port, grant.Lane));
    });

    /// <summary>Makes a certificate the only one that speaks for its lane.</summary>
    public Task EnrolledAsync(LaneIdentity lane, X509Certificate2 certificate, string box) => store.ChangeAsync((state, now) =>
    {
        var record = new EnrolledLane(lane.Port, lane.Lane, certificate.SerialNumber, box, now, new DateTimeOffset(certificate.NotAfter).ToUniversalTime(), null);
        return (state with { Lanes = state.Lanes.SetItem(record.Name, record) }, true);
    });

    /// <summary>Refuses a lane from now on, until it is enrolled again.</summary>
    /// <returns>The lane as it is now.</returns>
    /// <exception cref="InputException">There is no such lane.</exception>
    public Task<EnrolledLane> RevokeAsync(string port, string lane) => store.ChangeAsync((state, now) =>
    {
        var record = state.Lanes.GetValueOrDefault(new LaneIdentity(port, lane).ToString())
            ?? throw new InputException($"there is no enrolled lane {port}/{lane}.");
        record = record with { RevokedAt = record.RevokedAt ?? now };
        return (state with { Lanes = state.Lanes.SetItem(record.Name, record) }, record);
    });

    /// <summary>Says why a certificate of this hub does not speak for its lane; null when it does.</summary>
    public string? Fault(LaneIdentity lane, string serial)
    {
        var record = store.State.Lanes.GetValueOrDefault(lane.ToString());
        if (record is null || !IsOf(record, serial))
        {
            record = store.Newest().Lanes.GetValueOrDefault(lane.ToString());
        }

        if (record is null)
        {
            return $"lane {lane} is not enrolled here. Enrol it with a token of this hub.";
        }

        if (record.RevokedAt is { } revoked)
        {
            return $"lane {lane} was revoked at {revoked:u}. Enrol it again with a new token.";
        }

        return IsOf(record, serial) ? null
            : $"lane {lane} was enrolled anew at {record.EnrolledAt:u} by the box '{record.Box}'; this box's certificate has ended with that.";
    }

    private static bool IsOf(EnrolledLane record, string serial) => string.Equals(record.Serial, serial, StringComparison.OrdinalIgnoreCase);

    private void Compare(AccessState before, AccessState now)
    {
        foreach (var (name, old) in before.Lanes)
        {
            if (now.Lanes.GetValueOrDefault(name) is not { } lane || lane.Serial != old.Serial || (lane.RevokedAt is not null && old.RevokedAt is null))
            {
                Ended?.Invoke(this, new LaneEndedEventArgs(new LaneIdentity(old.Port, old.Lane)));
            }
        }
    }
}

/// <summary>Whose certificate has ended.</summary>
public sealed class LaneEndedEventArgs(LaneIdentity lane) : EventArgs
{
    /// <summary>The lane.</summary>
    public LaneIdentity Lane => lane;
}
