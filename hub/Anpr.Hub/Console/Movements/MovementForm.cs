using System.Globalization;
using Anpr.Hub.Audit;
using Anpr.Hub.Movements;

namespace Anpr.Hub.Web.Movements;

/// <summary>A question about movements as it is typed, and what is wrong with it.</summary>
public sealed class MovementForm
{
    private const int Rows = 200;

    /// <summary>CODE:REF.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Registration or pattern.</summary>
    public string Plate { get; set; } = "";

    /// <summary>yyyy-MM-ddTHH:mm, UTC, as browsers send it.</summary>
    public string From { get; set; } = "";

    /// <summary>yyyy-MM-ddTHH:mm, UTC; the whole minute counts.</summary>
    public string To { get; set; } = "";

    /// <summary>Ports to look at; none is all.</summary>
    public HashSet<string> Ports { get; } = new(StringComparer.Ordinal);

    /// <summary>The question, or null with what to mend.</summary>
    public MovementQuery? Read(out LookReason? reason, out string fault)
    {
        fault = "";
        if (!LookReason.TryParse(Reason, out reason))
        {
            fault = LookReason.Cure;
            return null;
        }

        if (!TryTime(From, out var from) || !TryTime(To, out var to))
        {
            fault = "Give both ends of the time range, as date and time in UTC.";
            return null;
        }

        to = to.AddMinutes(1).AddTicks(-1);
        if (to < from)
        {
            fault = "The range ends before it begins. Swap the two times.";
            return null;
        }

        var known = Plate.Count(char.IsLetterOrDigit);
        if (known < 2 && to - from > TimeSpan.FromDays(1))
        {
            fault = "Give two letters or digits of the registration at least, or a range of one day at most.";
            return null;
        }

        return new MovementQuery(Plate, from, to, [.. Anpr.Hub.Access.Ports.All.Where(Ports.Contains)], Rows);
    }

    /// <summary>A time as a field of a browser holds it.</summary>
    public static string Field(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static bool TryTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
