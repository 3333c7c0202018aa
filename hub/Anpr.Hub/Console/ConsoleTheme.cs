using MudBlazor;

namespace Anpr.Hub.Web;

/// <summary>The console's colours and type for MudBlazor's parts; wwwroot/console.css holds the same colours for our own.</summary>
internal static class ConsoleTheme
{
    private static readonly string[] Sans = ["Inter", "system-ui", "DejaVu Sans", "sans-serif"];

    /// <summary>Both palettes. Text on its ground has a contrast of 4.5:1 or more.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteDark = new PaletteDark
        {
            Primary = "#5fb0ea",
            PrimaryContrastText = "#08131d",
            Background = "#0d141c",
            Surface = "#151f2a",
            AppbarBackground = "#0d141c",
            TextPrimary = "#e8eef4",
            TextSecondary = "#9fb0bf",
            ActionDefault = "#b9c7d3",
            LinesDefault = "#263442",
            LinesInputs = "#4a5d6e",
            TableLines = "#263442",
            Divider = "#263442",
            Error = "#ff7b72",
            Warning = "#f0b429",
            Success = "#57c28a",
            Info = "#5fb0ea",
        },
        PaletteLight = new PaletteLight
        {
            Primary = "#17609f",
            PrimaryContrastText = "#ffffff",
            Background = "#f2f5f8",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            TextPrimary = "#13212e",
            TextSecondary = "#51626f",
            ActionDefault = "#40515f",
            LinesDefault = "#d7dfe6",
            LinesInputs = "#8495a3",
            TableLines = "#d7dfe6",
            Divider = "#d7dfe6",
            Error = "#b3261e",
            Warning = "#8a5a00",
            Success = "#1c7a4c",
            Info = "#17609f",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = "0.9375rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Sans, FontWeight = "600", FontSize = "0.875rem", TextTransform = "none", LetterSpacing = "normal" },
        },
    };
}
