using OpenCvSharp;

namespace Anpr.Edge.Detect;

/// <summary>Four corners in pixels of the source picture, clockwise from the plate's own top left.</summary>
public readonly record struct Quad(Point2f TopLeft, Point2f TopRight, Point2f BottomRight, Point2f BottomLeft);

/// <summary>An upright rectangle in pixels of the source picture: left, top, right, bottom.</summary>
public readonly record struct Box(float X1, float Y1, float X2, float Y2);

/// <summary>A detected quadrilateral that holds a registration.</summary>
/// <param name="Quad">Its corners.</param>
/// <param name="Box">The rectangle round it.</param>
/// <param name="Detection">The detector's score, 0..1.</param>
public sealed record Plate(Quad Quad, Box Box, float Detection);
