using Anpr.Proto.V1;

namespace Anpr.Hub.Link;

/// <summary>
/// On which side a vehicle's plate was read. A trailer is read at the rear alone, and what pulls one in front alone: that tells the two apart where their
/// plates are alike.
/// </summary>
/// <param name="Front">How often in front.</param>
/// <param name="Rear">How often at the rear.</param>
public readonly record struct Sides(int Front, int Rear)
{
    // Of a vehicle of which nothing is known: cars and vans show one plate on both sides.
    private const double Half = 0.5;

    // So many sightings' worth is believed of that before any was seen.
    private const double Belief = 1;

    /// <summary>The sides with one sighting more.</summary>
    internal Sides With(Side side) => side switch
    {
        Side.Front => this with { Front = Front + 1 },
        Side.Rear => this with { Rear = Rear + 1 },
        _ => this,
    };

    /// <summary>
    /// How much less probable the vehicle shows its plate on this side than any vehicle does, at most 1; 1 where the side is not known. That it was on this side
    /// before speaks for nobody: a lane whose camera looks at fronts sees everybody's.
    /// </summary>
    internal double Odds(Side side)
    {
        var seen = side switch { Side.Front => Front, Side.Rear => Rear, _ => (int?)null };
        return seen is { } count ? Math.Min(1, (count + (Belief * Half)) / (Front + Rear + Belief) / Half) : 1;
    }
}
