using System.Globalization;

namespace Anpr.Hub.Storage;

/// <summary>Parts of index keys that sort like what they stand for.</summary>
public static class Keys
{
    /// <summary>Sorts after every character that a key may hold; ends the range of a prefix.</summary>
    public const char Last = '\uffff';

    /// <summary>A time as 13 digits: milliseconds since 1970, never negative. Sorts in time order.</summary>
    public static string Time(DateTimeOffset time) =>
        Math.Max(0, time.ToUnixTimeMilliseconds()).ToString("D13", CultureInfo.InvariantCulture);

    /// <summary>A whole number as 20 digits, so that 9 comes before 10.</summary>
    public static string Number(ulong number) => number.ToString("D20", CultureInfo.InvariantCulture);

    /// <summary>Parts joined by a bar. No part may hold a bar but the last.</summary>
    public static string Join(params ReadOnlySpan<string> parts) => string.Join('|', parts);
}
