using System.Globalization;
using System.Security.Claims;
using Anpr.Hub.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Anpr.Benchmarks.Fuzz.Requests;

/// <summary>Who asks: nobody, somebody with a broken cookie or key, a person of each role, a program. There are many of each, because each may ask
/// <see cref="RateLimits.ApiPerSecond"/> times a second only.</summary>
internal sealed class Callers
{
    private const string CookieName = "anpr-session";
    private readonly List<Person> _people = [];
    private readonly List<string> _keys = [];
    private readonly IServiceProvider _hub;

    private Callers(IServiceProvider hub) => _hub = hub;

    /// <summary>Makes them.</summary>
    /// <param name="hub">The hub's services.</param>
    /// <param name="each">People of each role, and programs for each scope.</param>
    public static async Task<Callers> MakeAsync(IServiceProvider hub, int each)
    {
        var made = new Callers(hub);
        var (users, keys) = (hub.GetRequiredService<Users>(), hub.GetRequiredService<ApiKeys>());
        for (var i = 0; i < each; i++)
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                var person = new Person(await users.AddAsync(string.Create(CultureInfo.InvariantCulture, $"{role.ToString().ToLowerInvariant()}-{i}"), role));
                made._people.Add(person);
                await made.SignInAsync(person);
            }

            foreach (var scope in Policies.Scopes)
            {
                made._keys.Add(await keys.AddAsync(string.Create(CultureInfo.InvariantCulture, $"{scope}-{i}"), [scope], ApiKeys.Usual));
            }
        }

        return made;
    }

    /// <summary>Gives a request somebody's credentials.</summary>
    /// <returns>The person, where it is one.</returns>
    public (Credentials Of, Person? Who) Sign(HttpRequestMessage request, Random random)
    {
        switch (random.Next(10))
        {
            case < 3:
                return (Credentials.None, null);
            case 3:
                request.Headers.TryAddWithoutValidation("Cookie", $"{CookieName}={Broken(_people[random.Next(_people.Count)].Cookie, random)}");
                return (Credentials.Broken, null);
            case 4:
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Broken(_keys[random.Next(_keys.Count)], random)}");
                return (Credentials.Broken, null);
            case 5 or 6:
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_keys[random.Next(_keys.Count)]}");
                return (Credentials.Good, null);
            default:
                var person = _people[random.Next(_people.Count)];
                request.Headers.TryAddWithoutValidation("Cookie", $"{CookieName}={person.Cookie}");
                return (Credentials.Good, person);
        }
    }

    /// <summary>Begins a session, again after one has ended: signing out is asked for too.</summary>
    public async Task SignInAsync(Person person)
    {
        var principal = await _hub.GetRequiredService<Sessions>().BeginAsync(person.User);
        person.Cookie = _hub.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Sessions.Scheme).TicketDataFormat
            .Protect(new AuthenticationTicket(new ClaimsPrincipal(principal), Sessions.Scheme));
    }

    // Never within the last characters, of which some bits may not count.
    private static string Broken(string whole, Random random)
    {
        var at = random.Next(8, whole.Length - 8);
        return random.Next(4) switch
        {
            0 => whole[..at],
            1 => whole[..at] + (whole[at] == 'x' ? 'y' : 'x') + whole[(at + 1)..],
            2 => new string(whole.Reverse().ToArray()),
            _ => whole[..at] + Nonsense.Text(random).ReplaceLineEndings("").Replace("\0", "", StringComparison.Ordinal) + "~" + whole[at..],
        };
    }

    /// <summary>What a request carries.</summary>
    internal enum Credentials
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>Something that was good before a character of it was changed.</summary>
        Broken,

        /// <summary>What the hub gave out.</summary>
        Good,
    }

    /// <summary>A user with the cookie of the newest session.</summary>
    internal sealed class Person(User user)
    {
        /// <summary>The user.</summary>
        public User User { get; } = user;

        /// <summary>The cookie's value.</summary>
        public string Cookie { get; set; } = "";
    }
}
