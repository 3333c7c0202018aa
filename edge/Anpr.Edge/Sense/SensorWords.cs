using Anpr.Edge.Score;

namespace Anpr.Edge.Sense;

/// <summary>Why a sensor gives no evidence.</summary>
internal enum Veto
{
    /// <summary>The lane has no such device.</summary>
    Missing,

    /// <summary>It is lost or silent.</summary>
    Lost,

    /// <summary>The vehicle was there, or stood quietly, too short a time.</summary>
    TooShort,

    /// <summary>Every reading is the same.</summary>
    Flat,

    /// <summary>It says what cannot be.</summary>
    OutOfRange,

    /// <summary>Engine or wind drown it.</summary>
    Unquiet,

    /// <summary>The ground beats too.</summary>
    Ground,

    /// <summary>Judging it failed.</summary>
    Failed,

    /// <summary>Fresh produce is booked, which respires as people do.</summary>
    Produce,

    /// <summary>Live animals are booked, which breathe and move.</summary>
    Live,
}

/// <summary>Sentences for officers, English and French.</summary>
internal static class SensorWords
{
    private static readonly Dictionary<string, (string En, string Fr)> Names = new(StringComparer.Ordinal)
    {
        [EvidenceKinds.Co2] = ("CO2", "CO2"),
        [EvidenceKinds.Heartbeat] = ("heartbeat", "battements"),
    };

    /// <summary>0 nats, and why.</summary>
    public static Evidence None(string kind, string sensor, Veto veto, DateTimeOffset from, DateTimeOffset to)
    {
        var (name, nameFr) = Names[kind];
        var (why, whyFr) = Why(veto);
        return new Evidence(kind, 0, 0, $"{name}: {why}", $"{nameFr} : {whyFr}", why, sensor, from, to);
    }

    private static (string En, string Fr) Why(Veto veto) => veto switch
    {
        Veto.Missing => ("no such sensor on this lane", "pas de capteur sur cette voie"),
        Veto.Lost => ("the sensor is silent", "le capteur ne répond pas"),
        Veto.TooShort => ("too short a measurement", "mesure trop courte"),
        Veto.Flat => ("the sensor always says the same, it needs a check", "le capteur donne toujours la même valeur, à vérifier"),
        Veto.OutOfRange => ("the sensor is out of range, it needs a check", "le capteur est hors plage, à vérifier"),
        Veto.Unquiet => ("inconclusive, engine or wind", "non concluant, moteur ou vent"),
        Veto.Produce => ("fresh produce is booked, which gives off CO2 itself", "des produits frais sont réservés, ils dégagent eux-mêmes du CO2"),
        Veto.Live => ("live animals are booked, which breathe and move", "des animaux vivants sont réservés, ils respirent et bougent"),
        Veto.Failed => ("an error of the lane's program, see its log", "erreur du programme de la voie, voir son journal"),
        _ => ("inconclusive, the ground beats too", "non concluant, le sol vibre aussi"),
    };
}
