using System.Globalization;

namespace Anpr.Hub.Ops;

/// <summary>Times as people and programs type them.</summary>
internal static class TypedTime
{
    /// <summary>Reads a time, in UTC where no zone is given; false for what is none, or none that can be worked with.</summary>
    public static bool TryRead(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time) && time.Year is >= 1970 and <= 9000;

    /// <summary>A time in UTC where no zone is given; null when there is none.</summary>
    /// <exception cref="InputException">It is no time, or none that can be worked with.</exception>
    public static DateTimeOffset? Read(string name, string? text) => string.IsNullOrWhiteSpace(text) ? null
        : TryRead(text, out var time) ? time
        : throw new InputException($"{name} '{text}': give a time in UTC, such as 2026-11-24T08:00:00Z.");
}
