using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Ingest;

/// <summary>Puts right the times of a lane whose clock is wrong, by what the lane measured of it when it made the record. Pure.</summary>
internal static class LaneClock
{
    /// <summary>Up to here a lane's clock is left as it is: a slow network is not told from a wrong clock.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>Longest offset that is believed, milliseconds: a clock that begins in 1970 is one.</summary>
    public const long MostMs = 100L * 366 * 24 * 3600 * 1000;

    /// <summary>When it was by the hub's clock. A simulated shift stays.</summary>
    /// <exception cref="InvalidOperationException">The time does not exist.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It does not exist once it is put right.</exception>
    public static DateTimeOffset At(Timestamp recorded, TimeQuality? quality) => recorded.ToDateTimeOffset() - Ahead(quality);

    // A box whose clock is set by NTP is right, and the hub wrong. Times of a stream's clock are as far ahead of the box's as was measured.
    private static TimeSpan Ahead(TimeQuality? quality)
    {
        if (quality is not { Synchronised: false, Simulated: false, HasBoxAheadMs: true })
        {
            return TimeSpan.Zero;
        }

        var ahead = TimeSpan.FromMilliseconds(quality.Source switch
        {
            TimeQuality.Types.Source.BoxClock => quality.BoxAheadMs,
            TimeQuality.Types.Source.StreamClock when quality.HasOffsetMs => quality.BoxAheadMs + quality.OffsetMs,
            _ => 0,
        });
        return ahead.Duration() > Tolerance ? ahead : TimeSpan.Zero;
    }
}
