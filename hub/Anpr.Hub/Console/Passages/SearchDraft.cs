using Anpr.Hub.Movements;
using Anpr.Proto.V1;

namespace Anpr.Hub.Web.Passages;

/// <summary>What an officer is filling in about a passage; nothing is filled in for them but the reason that an alert gives.</summary>
internal sealed class SearchDraft
{
    /// <summary>Ways of searching, as they are kept, and as they are called.</summary>
    public static IReadOnlyList<(string Key, string Words)> AllMethods { get; } =
        [.. SearchCheck.Methods.Select(m => (m, m == "co2" ? "CO2 probe" : $"{char.ToUpperInvariant(m[0])}{m[1..]}"))];

    public Search.Types.Reason Reason { get; set; }

    public HashSet<string> Methods { get; } = new(StringComparer.Ordinal);

    public Search.Types.Finding Finding { get; set; }

    public int People { get; set; } = 1;

    /// <summary>What is missing, in words; null when the search can be recorded.</summary>
    public string? Fault => this switch
    {
        { Reason: Search.Types.Reason.Unspecified } => "Say why it was searched.",
        { Methods.Count: 0 } => "Say how it was searched: one method at least.",
        { Finding: Search.Types.Finding.Unspecified } => "Say what was found.",
        { Finding: Search.Types.Finding.People, People: < 1 or > (int)SearchCheck.MostPeople } => $"Give the number of people found, 1 to {SearchCheck.MostPeople}.",
        _ => null,
    };

    public Search ToSearch(string passage, string officer)
    {
        var search = new Search
        {
            PassageId = passage,
            Reason = Reason,
            Finding = Finding,
            People = Finding == Search.Types.Finding.People ? (uint)People : 0,
            Officer = officer,
        };
        search.Methods.AddRange(AllMethods.Select(m => m.Key).Where(Methods.Contains));
        return search;
    }
}
