using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Fleet;

/// <summary>Finds what makes a heartbeat unusable: what is kept of it is shown to all engineers, who must see the other lanes all the same. Pure.</summary>
internal static class HeartbeatCheck
{
    private const int NameLimit = 200;
    private const int WordsLimit = 1000;
    private const int ListLimit = 200;

    /// <summary>Field and cure in words, or null when it can be used.</summary>
    public static string? Fault(HeartbeatRequest beat)
    {
        if (beat.Devices.Count > ListLimit || beat.Counters.Count > ListLimit)
        {
            return $"devices or counters are more than {ListLimit}. Send those of one lane.";
        }

        if (beat.Devices.Any(d => d.Device.Length is 0 or > NameLimit || d.State.Length is 0 or > NameLimit || d.Words.Length > WordsLimit))
        {
            return $"devices have one without name or state, or with more than {NameLimit} characters of them or {WordsLimit} of words. Send its name, its state and one sentence.";
        }

        if (beat.SoftwareVersion.Length > NameLimit || beat.Counters.Any(c => c.Name.Length is 0 or > NameLimit))
        {
            return $"software_version, or the name of a counter, is missing or has more than {NameLimit} characters. Send a short one.";
        }

        return Exists(beat.BoxTime) && beat.Devices.All(d => Exists(d.Since)) ? null : "box_time or since is no time that exists. Set the lane box's clock (NTP).";
    }

    // As Timestamp.ToDateTimeOffset judges.
    private static bool Exists(Timestamp? time) => time is null or { Seconds: >= -62_135_596_800 and <= 253_402_300_799, Nanos: >= 0 and <= 999_999_999 };
}
