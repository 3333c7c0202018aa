using System.Xml.Linq;
using Anpr.Hub.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Anpr.Hub.Access;

/// <summary>
/// Keys that protect session cookies, in the store: a user who is signed in at one hub is signed in at all of them. A stolen key opens no session:
/// the cookie's secret, of which only the hash is kept, does.
/// </summary>
internal sealed class CookieKeys(IStore store) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => [.. store.All(CookieKey.Table).Select(key => XElement.Parse(key.Xml))];

    // ASP.NET Core has no other way to store a key than one that waits. It makes one every 90 days.
    public void StoreElement(XElement element, string friendlyName) => store.WriteAsync(writer =>
    {
        writer.Put(CookieKey.Table, new CookieKey(friendlyName, element.ToString(SaveOptions.DisableFormatting)));
        return true;
    }).GetAwaiter().GetResult();
}

/// <summary>One of them.</summary>
internal sealed record CookieKey(string Name, string Xml)
{
    public static Table<CookieKey> Table { get; } = new("cookie_keys", k => k.Name);
}
