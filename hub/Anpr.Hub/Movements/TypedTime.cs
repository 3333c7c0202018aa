using System.Globalization;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Movements;

/// <summary>Times as people and programs type them.</summary>
internal static class TypedTime
{
    /// <summary>A time in UTC where no zone is given; null when there is none.</summary>
    /// <exception cref="InputException">It is no time, or none that can be worked with.</exception>
    public static DateTimeOffset? Read(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year is >= 1970 and <= 9000
            ? time
            : throw new InputException($"{name} '{text}': give a time in UTC, such as 2026-11-24T08:00:00Z.");
    }
}
