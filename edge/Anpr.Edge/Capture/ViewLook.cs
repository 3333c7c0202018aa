namespace Anpr.Edge.Capture;

/// <summary>How one look compares with the known view.</summary>
/// <param name="Visible">Share of the textured blocks that look as known, 0..1.</param>
/// <param name="AnchorsVisible">The same of those that vehicles do not hide; null when they hide every one now and then.</param>
/// <param name="HiddenSmooth">Of those that are not visible, the share in which there is nothing to see, 0..1.</param>
/// <param name="Sharpness">Median sharpness of the visible blocks over the learnt one, 1 when unchanged; null when too few tell.</param>
internal readonly record struct ViewLook(float Visible, float? AnchorsVisible, float HiddenSmooth, float? Sharpness);
