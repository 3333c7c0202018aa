namespace Anpr.Hub.Web.Parts;

/// <summary>Addresses of pages that are opened out of a look: the reason that was given for it goes along, and stands in their entry of the log too.</summary>
internal static class ReasonLink
{
    /// <summary>The address of a page with the reason.</summary>
    /// <param name="page">Its path.</param>
    /// <param name="reason">CODE:REF.</param>
    /// <param name="text">More words; may be empty.</param>
    public static string To(string page, string? reason, string? text) =>
        $"{page}?reason={Uri.EscapeDataString(reason?.Trim() ?? "")}{(string.IsNullOrWhiteSpace(text) ? "" : $"&reason_text={Uri.EscapeDataString(text.Trim())}")}";
}
