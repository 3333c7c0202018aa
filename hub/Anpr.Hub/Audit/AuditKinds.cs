namespace Anpr.Hub.Audit;

/// <summary>The kinds of entries: the six of the Data Protection Act 2018 s.62(1), and two for what is none of them. Pure.</summary>
public static class AuditKinds
{
    /// <summary>Records were taken in.</summary>
    public const string Collection = "collection";

    /// <summary>Records were changed or added by a person.</summary>
    public const string Alteration = "alteration";

    /// <summary>Somebody looked.</summary>
    public const string Consultation = "consultation";

    /// <summary>Records were given out of the hub.</summary>
    public const string Disclosure = "disclosure";

    /// <summary>Records of two vehicles were joined or taken apart.</summary>
    public const string Combination = "combination";

    /// <summary>Records were erased.</summary>
    public const string Erasure = "erasure";

    /// <summary>Users, sessions and lanes: who may do what.</summary>
    public const string Access = "access";

    /// <summary>The hub itself.</summary>
    public const string System = "system";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Collection, Alteration, Consultation, Disclosure, Combination, Erasure, Access, System];

    /// <summary>The kind of an act ("feature.act"). What is not known changes something: that is the kind to be looked at first.</summary>
    public static string Of(string what)
    {
        var (feature, act) = what.Split('.', 2) is [var left, var right] ? (left, right) : (what, "");
        return act switch
        {
            _ when feature == "learned" => System, // of cameras and ways, not of persons
            _ when what == "bookings.put" => Collection,
            "look" or "read" or "follow" or "preview" or "patch" or "overview" or "seen" or "search" => Consultation,
            "export" => Disclosure,
            "import" or "batch" => Collection,
            "merge" or "split" or "rejoin" => Combination,
            "erase" or "wiped" or "forget" => Erasure,
            _ => feature switch
            {
                "user" or "session" or "lane" or "key" => Access,
                "hub" or "audit" => System,
                _ => Alteration,
            },
        };
    }
}
