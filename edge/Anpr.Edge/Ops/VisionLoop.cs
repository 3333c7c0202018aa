using System.Collections.Concurrent;
using System.Threading.Channels;
using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using Anpr.Edge.Sense;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge.Ops;

/// <summary>The one thread that looks at pictures.</summary>
internal sealed partial class VisionLoop(Vision vision, ConcurrentQueue<LoopChange> loops, IdleLane idle, LaneStatus status, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    private DateTimeOffset _frameTime;
    private long _lookedAt = -1;

    /// <summary>Looks at all frames; at their end closes what is open and completes <paramref name="changes"/>, however it ends.</summary>
    public async Task RunAsync(ChannelReader<Frame> frames, ChannelWriter<PassageChange> changes)
    {
        try
        {
            await LookAsync(frames, changes);
        }
        finally
        {
            changes.Complete();
        }
    }

    private async Task LookAsync(ChannelReader<Frame> frames, ChannelWriter<PassageChange> changes)
    {
        Task<bool>? more = null;
        while (true)
        {
            more ??= frames.WaitToReadAsync().AsTask();
            try
            {
                if (!await more.WaitAsync(TickEvery, time))
                {
                    break;
                }

                more = null;
            }
            catch (TimeoutException)
            {
                await HandAsync(Loops(), changes);
                await HandAsync(Tick(), changes);
                continue;
            }

            while (frames.TryRead(out var frame))
            {
                using (frame)
                {
                    await HandAsync(Loops(), changes);
                    await HandAsync(Look(frame), changes);
                }
            }
        }

        await HandAsync(Guard(vision.Flush), changes);
        Count();
    }

    private IEnumerable<PassageChange> Look(Frame frame)
    {
        var seen = Guard(() => vision.Process(frame));
        (_frameTime, _lookedAt) = (frame.Time, time.GetTimestamp());
        idle.See(vision.IsQuiet);
        Count();
        return seen;
    }

    /// <summary>No frames: the frames' clock goes on from the last one.</summary>
    private IEnumerable<PassageChange> Tick() =>
        _lookedAt < 0 ? [] : Guard(() => vision.Tick(_frameTime + time.GetElapsedTime(_lookedAt)));

    private IEnumerable<PassageChange> Loops()
    {
        while (loops.TryDequeue(out var loop))
        {
            var changes = Guard(() => vision.Loop(loop.At, loop.Occupied));
            idle.See(vision.IsQuiet);
            foreach (var change in changes)
            {
                yield return change;
            }
        }
    }

    /// <summary>The top of the loop: one frame that cannot be worked on must not end the lane.</summary>
    private IReadOnlyList<PassageChange> Guard(Func<IReadOnlyList<PassageChange>> look)
    {
        try
        {
            return look();
        }
        catch (Exception e)
        {
            status.Count("frames_failed");
            LogFailed(log, e);
            return [];
        }
    }

    private static async Task HandAsync(IEnumerable<PassageChange> seen, ChannelWriter<PassageChange> changes)
    {
        foreach (var change in seen)
        {
            await changes.WriteAsync(change);
        }
    }

    private void Count()
    {
        var c = vision.Counts;
        status.Set("frames", c.Frames);
        status.Set("frames_looked", c.Looked);
        status.Set("frames_looked_part", c.LookedPart);
        status.Set("plates", c.Plates);
        status.Set("reads", c.Reads);
        status.Set("rejected_outside", c.RejectedOutside);
        status.Set("rejected_short", c.RejectedShort);
        status.Set("rejected_unsure", c.RejectedUnsure);
        status.Set("passages_opened", c.PassagesOpened);
        status.Set("passages_closed", c.PassagesClosed);
        status.Set("passages_unread", c.PassagesUnread);
        status.Set("sighting_revisions", c.SightingRevisions);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A frame could not be looked at")]
    private static partial void LogFailed(ILogger log, Exception exception);
}
