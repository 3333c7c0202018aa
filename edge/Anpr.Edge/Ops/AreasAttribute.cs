using System.ComponentModel.DataAnnotations;
using Anpr.Edge.Capture;

namespace Anpr.Edge.Ops;

/// <summary>A list of areas as text.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AreasAttribute : ValidationAttribute
{
    public AreasAttribute() =>
        ErrorMessage = "a list of polygons such as \"0.1,0.2 0.5,0.2 0.5,0.4\", three corners or more, x and y from 0 to 1";

    public override bool IsValid(object? value) => value is IEnumerable<string> areas && areas.All(area => Area.TryParse(area, out _));
}
