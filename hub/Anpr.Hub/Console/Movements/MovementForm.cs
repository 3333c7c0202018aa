using System.Globalization;
using Anpr.Hub.Audit;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Web.Movements;

/// <summary>A question about movements as it is typed, and what is wrong with it.</summary>
public sealed class MovementForm
{
    /// <summary>CODE:REF.</summary>
    public string Reason { get; set; } = "";

    /// <summary>More words about why.</summary>
    public string ReasonText { get; set; } = "";

    /// <summary>Registration or pattern.</summary>
    public string Plate { get; set; } = "";

    /// <summary>What the plate may have been read as, too.</summary>
    public bool Fuzzy { get; set; }

    /// <summary>yyyy-MM-ddTHH:mm, UTC, as browsers send it.</summary>
    public string From { get; set; } = "";

    /// <summary>yyyy-MM-ddTHH:mm, UTC; the whole minute counts.</summary>
    public string To { get; set; } = "";

    /// <summary>Ports to look at; none is all.</summary>
    public HashSet<string> Ports { get; } = new(StringComparer.Ordinal);

    /// <summary>Lane by name or port/lane; empty for any.</summary>
    public string Lane { get; set; } = "";

    /// <summary>The other plate of a pairing.</summary>
    public string Pairing { get; set; } = "";

    /// <summary>Country of the plate, two letters.</summary>
    public string Country { get; set; } = "";

    /// <summary>Least score in per cent, as typed.</summary>
    public string MinScore { get; set; } = "";

    /// <summary>Greatest score in per cent, as typed.</summary>
    public string MaxScore { get; set; } = "";

    /// <summary>What a search found; empty for any.</summary>
    public string Finding { get; set; } = "";

    /// <summary>What became of the vehicle; empty for any.</summary>
    public string Disposition { get; set; } = "";

    /// <summary>The question, or null with what to mend.</summary>
    public MovementQuery? Read(out LookReason? reason, out string fault)
    {
        (reason, fault) = (null, "");
        try
        {
            reason = LookReason.Read(Reason, ReasonText);
            if (!TypedTime.TryRead(From, out var from) || !TypedTime.TryRead(To, out var to))
            {
                throw new InputException("Give both ends of the time range, as date and time in UTC.");
            }

            if (LastOf(to) < from)
            {
                throw new InputException("The range ends before it begins. Swap the two times.");
            }

            var query = Typed().ToQuery(to);
            return Plate.Count(char.IsLetterOrDigit) < 2 && to - from > TimeSpan.FromDays(1) && query is { Finding: null, Disposition: null, MinScore: null }
                ? throw new InputException("Give two letters or digits of the registration at least, or a range of one day at most.")
                : query;
        }
        catch (InputException wrong)
        {
            fault = wrong.Message;
            return null;
        }
    }

    /// <summary>The question as the API takes it.</summary>
    public MovementParameters Typed() => new()
    {
        Plate = Plate,
        Match = Fuzzy ? "fuzzy" : "",
        Port = string.Join(',', Anpr.Hub.Access.Ports.All.Where(Ports.Contains)),
        Lane = Lane,
        Pairing = Pairing,
        Country = Country,
        MinScore = Share(MinScore),
        MaxScore = Share(MaxScore),
        Finding = Finding,
        Disposition = Disposition,
        From = TypedTime.TryRead(From, out var from) ? from.ToString("O", CultureInfo.InvariantCulture) : From,
        To = TypedTime.TryRead(To, out var to) ? LastOf(to).ToString("O", CultureInfo.InvariantCulture) : To,
        Reason = Reason,
        ReasonText = ReasonText,
    };

    /// <summary>A time as a field of a browser holds it.</summary>
    public static string Field(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset LastOf(DateTimeOffset minute) => minute.AddMinutes(1).AddTicks(-1);

    // What is no number goes on as it is, and is refused by name.
    private static string Share(string perCent) =>
        double.TryParse(perCent, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (number / 100).ToString("R", CultureInfo.InvariantCulture) : perCent;
}
