using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Components;

namespace Anpr.Hub.Web.Learned;

/// <summary>Words in a drawing: Razor keeps the element's name for itself.</summary>
internal static class ChartText
{
    /// <summary>A text element.</summary>
    /// <param name="x">In units of the drawing.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="words">Any; they are encoded.</param>
    public static MarkupString At(double x, double y, string anchor, string words) =>
        new(string.Create(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\">{WebUtility.HtmlEncode(words)}</text>"));
}
