using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Anpr.Hub.Movements;

/// <summary>Where a page of an answer ended, with the question's times and what else it was asked: the next page begins there whatever came in since.</summary>
/// <param name="From">Earliest capture of the question.</param>
/// <param name="To">Latest capture of the question.</param>
/// <param name="Asked">Fingerprint of the question.</param>
/// <param name="At">The last record that was looked at.</param>
internal sealed record MovementCursor(DateTimeOffset From, DateTimeOffset To, string Asked, MovementPlace At)
{
    private const string Version = "1";
    private const int Longest = 600;

    // As questions have them.
    private static readonly DateTimeOffset First = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Last = new(9001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly SearchValues<char> Written = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-|");

    /// <summary>Reads a cursor; false for anything that <see cref="ToString"/> has not written.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MovementCursor? cursor)
    {
        cursor = null;
        if (text.Length is 0 or > Longest || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('\n');
        if (parts.Length != 7 || parts[0] != Version || !TryTime(parts[1], out var from) || !TryTime(parts[2], out var to) || parts.Any(p => p.AsSpan().ContainsAnyExcept(Written)))
        {
            return false;
        }

        cursor = new MovementCursor(from, to, parts[3], new MovementPlace(parts[4], parts[5], parts[6]));
        return cursor.ToString() == text;
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join('\n', Version, Ticks(From), Ticks(To), Asked, At.Key, At.Record, At.Part)));

    private static string Ticks(DateTimeOffset time) => time.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static bool TryTime(string text, out DateTimeOffset time)
    {
        var good = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks >= First.UtcTicks && ticks < Last.UtcTicks;
        time = good ? new DateTimeOffset(ticks, TimeSpan.Zero) : default;
        return good;
    }
}

/// <summary>A place in the order of an answer: by key, then record, then part, the greatest first.</summary>
/// <param name="Key">A time as keys have it, or a probability.</param>
/// <param name="Record">Id of the sighting, search, disposition or passage by which it was met.</param>
/// <param name="Part">Which sighting of a passage; empty where the record is the sighting.</param>
internal readonly record struct MovementPlace(string Key, string Record, string Part)
{
    /// <summary>True when it comes later in the order.</summary>
    public bool IsAfter(MovementPlace other) => (string.CompareOrdinal(Key, other.Key), string.CompareOrdinal(Record, other.Record), string.CompareOrdinal(Part, other.Part)) switch
    {
        ( < 0, _, _) or (0, < 0, _) or (0, 0, < 0) => true,
        _ => false,
    };
}
