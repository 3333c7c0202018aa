using Anpr.Hub.Ops;
using Microsoft.AspNetCore.Identity;

namespace Anpr.Hub.Access;

/// <summary>How passwords are judged and kept: PBKDF2 with HMAC-SHA512 and a salt of its own, as ASP.NET Core Identity has it.</summary>
internal static class Passwords
{
    /// <summary>NIST SP 800-63B asks for 8 at least and for no rules on kinds of characters; longer is what helps.</summary>
    public const int Shortest = 12;

    private const int Longest = 200;

    // Fewer different characters than this are a key held down, or a word said again and again.
    private const int LeastDifferent = 6;

    private static readonly PasswordHasher<User> Hasher = new();

    // What a password is compared with when there is none, so that the time tells nothing.
    private static readonly string Nobody = Hasher.HashPassword(null!, Secret.New());

    /// <exception cref="InputException">It is too short, too simple, or the name.</exception>
    public static void Check(string name, string password)
    {
        if (password.Length is < Shortest or > Longest)
        {
            throw new InputException($"A password has {Shortest} to {Longest} characters. Some words in a row are easy to keep in mind.");
        }

        if (password.Distinct().Count() < LeastDifferent || password.Contains(name, StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"That password is too easy to guess: use {LeastDifferent} different characters at least, and not your name.");
        }
    }

    public static string Hash(string password) => Hasher.HashPassword(null!, password);

    /// <summary>Compares in the same time whether there is a password or not.</summary>
    /// <param name="hash">As kept; null when the user has none.</param>
    /// <param name="password">As typed.</param>
    /// <param name="weaker">The hash is of an older, weaker kind, and is to be made anew.</param>
    public static bool Fits(string? hash, string password, out bool weaker)
    {
        var result = Hasher.VerifyHashedPassword(null!, hash ?? Nobody, password.Length <= Longest ? password : "");
        weaker = result == PasswordVerificationResult.SuccessRehashNeeded;
        return hash is not null && result != PasswordVerificationResult.Failed;
    }
}
