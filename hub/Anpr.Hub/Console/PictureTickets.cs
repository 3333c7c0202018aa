using System.Globalization;
using System.Security.Cryptography;
using Anpr.Hub.Access;
using Microsoft.AspNetCore.DataProtection;

namespace Anpr.Hub.Web;

/// <summary>
/// Lets the browser of whoever looks at a page fetch the pictures on it, and nobody else: the page was logged with its pictures, so that a picture is shown
/// only where a page has given its ticket out. A ticket is for one user and one picture, as long as a session lasts; every hub takes it.
/// </summary>
internal sealed class PictureTickets(IDataProtectionProvider keys, TimeProvider time)
{
    /// <summary>How long a page may stand open and still load what it shows.</summary>
    public static readonly TimeSpan Life = Sessions.Longest;

    // The time is kept here: ITimeLimitedDataProtector goes by the machine's clock, not by the hub's.
    private readonly IDataProtector protector = keys.CreateProtector("anpr.pictures");

    /// <summary>Where a user's browser finds a picture; another address each time.</summary>
    public string Address(string user, string sha256) => $"/pictures/{sha256}?ticket={protector.Protect(string.Join(' ', time.GetUtcNow().Add(Life).ToUnixTimeSeconds(), sha256, user))}";

    /// <summary>True when a page that this user looked at has given out the ticket for this picture, and it is not too old.</summary>
    public bool Admits(string? ticket, string user, string sha256)
    {
        try
        {
            return protector.Unprotect(ticket ?? "").Split(' ', 3) is [var until, var picture, var holder]
                && picture == sha256 && holder == user && long.Parse(until, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds();
        }
        catch (CryptographicException)
        {
            return false; // made up, or of keys that are no more
        }
    }
}
