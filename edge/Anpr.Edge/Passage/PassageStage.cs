using Anpr.Edge.Capture;
using Anpr.Edge.Track;
using Anpr.Models.Plates;

namespace Anpr.Edge.Passage;

/// <summary>
/// Makes passages out of looks: one a vehicle, however long it stands, with one sighting a camera that read its plate. No pixels, no
/// threads, no clock but capture time: the same looks give the same passages. Not thread-safe.
/// </summary>
internal sealed class PassageStage(PassageOptions options, TrackOptions trackOptions, PlateSyntax syntax, string models, float secondReaderBelow, TimeProvider time)
{
    // Without frames nobody sees a vehicle leave: its passage is held this long, then closed as it was last known.
    private static readonly TimeSpan BlindAfter = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, CameraView> _cameras = new(StringComparer.Ordinal);
    private readonly List<OpenPassage> _open = [];
    private readonly List<string> _relearn = [];
    private TimeQuality _trust = new(TimeSource.BoxClock);
    private DateTimeOffset _lastLook = DateTimeOffset.MinValue;

    /// <summary>Passages that are open.</summary>
    public int Open => _open.Count;

    /// <summary>True while a passage that this camera has seen is open.</summary>
    public bool IsOccupied(string camera)
    {
        foreach (var passage in _open)
        {
            if (passage.SeenBy(camera))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Cameras whose idea of the empty lane turned out wrong, once each.</summary>
    public IReadOnlyList<string> TakeRelearn()
    {
        var names = _relearn.ToArray();
        _relearn.Clear();
        return names;
    }

    /// <summary>Takes the next look of any camera; looks of one camera come in order of time.</summary>
    public IReadOnlyList<PassageChange> See(FrameLook look)
    {
        var blind = Tick(look.Time);
        _lastLook = look.Time;
        _trust = look.TimeQuality;
        var view = ViewOf(look.Camera);
        view.Expire(look.Time);
        view.Presence.See(look.Time, look.ForegroundShare);
        FollowPlates(view, look);
        FollowPresence(view, look);
        return _open.Count == 0 ? blind : [.. blind, .. Tell(look), .. CloseGone(look.Time)];
    }

    /// <summary>A loop changed. A vehicle on it is there, whatever the cameras see.</summary>
    public IReadOnlyList<PassageChange> Loop(DateTimeOffset at, bool occupied)
    {
        if (!occupied)
        {
            foreach (var left in _open.Where(p => p.OnLoop))
            {
                left.Sign(at, _trust);
                left.OnLoop = false;
            }

            return CloseGone(at);
        }

        var there = _open.Where(p => at - p.LastSign <= TimeSpan.FromSeconds(1)).MaxBy(p => p.OpenedAt);
        var opened = there ?? OpenNew(at, OpenedBy.Loop);
        opened.OnLoop = true;
        opened.Sign(at, _trust);
        return [.. CloseGone(at), .. TellNew()];
    }

    /// <summary>Closes what has gone when no frames come any more, or had not come before this one.</summary>
    public IReadOnlyList<PassageChange> Tick(DateTimeOffset now) => _open.Count > 0 && now - _lastLook > BlindAfter ? CloseGone(now) : [];

    /// <summary>Closes everything: the lane stops.</summary>
    public IReadOnlyList<PassageChange> Flush()
    {
        var changes = _open.SelectMany(p => p.Close(p.LastSign)).ToList();
        _open.Clear();
        foreach (var view in _cameras.Values)
        {
            view.Present = (null, 0);
            view.Presence.Forget();
        }

        return changes;
    }

    /// <summary>Closes everything and forgets what was followed: the clock was set back, so that nothing that is known has a time to go on from.</summary>
    public IReadOnlyList<PassageChange> Restart()
    {
        var changes = Flush();
        foreach (var view in _cameras.Values)
        {
            view.Forget();
        }

        _cameras.Clear();
        _lastLook = DateTimeOffset.MinValue;
        return changes;
    }

    private CameraView ViewOf(string camera)
    {
        if (!_cameras.TryGetValue(camera, out var view))
        {
            view = _cameras[camera] = new(options, trackOptions, syntax);
        }

        return view;
    }

    private void FollowPlates(CameraView view, FrameLook look)
    {
        if (look.Plates.Count > 0)
        {
            FollowPlates(view, look, view.Tracker.See(look.Plates, look.Time));
        }
    }

    private void FollowPlates(CameraView view, FrameLook look, IReadOnlyList<PlateTrack> tracks)
    {
        var unplaced = false;
        for (var i = 0; i < tracks.Count; i++)
        {
            var (plate, track, followed) = (look.Plates[i], tracks[i], view.Of(tracks[i]));
            var builder = followed.Lettering ? null : followed.Owner?.SightingOf(look.Camera);
            KeepWinner(look, plate, track, followed, builder);
            builder?.See(plate, look.Time);
            if (!followed.Lettering && plate.Read.Text.Length >= trackOptions.MinTextLength)
            {
                followed.Owner?.Sign(look.Time, look.TimeQuality, look.Camera, plate: true);
            }

            unplaced |= track.LastRead == look.Time && followed is { Owner: null, Lettering: false };
        }

        if (unplaced)
        {
            Place(view, look, tracks);
        }
    }

    private void Place(CameraView view, FrameLook look, IReadOnlyList<PlateTrack> tracks)
    {
        var placing = new PlatePlacing(view, look, _open, syntax.Countries, by => OpenNew(look.Time, by), (p, t) => Adopt(view, look, p, t), options);
        foreach (var track in tracks.Where(t => view.Of(t) is { Owner: null, Lettering: false }).OrderByDescending(t => t.Last.Plate.Box.Area))
        {
            placing.Place(track);
        }
    }

    private void KeepWinner(FrameLook look, PlateLook plate, PlateTrack track, CameraView.Followed followed, SightingBuilder? builder)
    {
        var text = plate.Read.Text;
        if (plate.Repeated || text.Length < trackOptions.MinTextLength || followed.Lettering)
        {
            return;
        }

        var quality = Winner.QualityOf(plate);
        if (!(builder?.Wants(text, quality) ?? SightingBuilder.WantsAmong(followed.Winners, text, quality)))
        {
            return;
        }

        var together = (builder?.Consensus ?? track.Vote.Consensus)?.Confidence ?? 0;
        var unsure = plate.Read.Confidence < secondReaderBelow || together < secondReaderBelow;
        var second = unsure ? look.Pictures.ReadAgain(plate.Plate.Quad, plate.Read.Lines) : null;
        var winner = new Winner(plate, look.Time, quality, look.Pictures.Patch(plate.Plate.Quad), look.Pictures.Overview(), second);
        if (builder is null)
        {
            SightingBuilder.OfferAmong(followed.Winners, winner);
        }
        else
        {
            builder.Offer(winner);
        }
    }

    private void Adopt(CameraView view, FrameLook look, OpenPassage passage, PlateTrack track)
    {
        var followed = view.Of(track);
        followed.Owner = passage;
        var builder = passage.SightingOf(look.Camera);
        if (builder is null)
        {
            builder = new(Guid.CreateVersion7(time.GetUtcNow()), passage.Id, look.Camera, look.Side, models, options, trackOptions, syntax);
            passage.Sightings.Add(builder);
        }

        builder.Adopt(track, followed.Winners.Values);
        followed.Winners.Clear();
        passage.Sign(look.Time, look.TimeQuality, look.Camera, plate: true);
        if (view.Presence.There)
        {
            if (view.Present.Passage is { } before && before != passage)
            {
                before.Followed = true;
            }

            view.Present = (passage, view.Presence.Number);
        }
    }

    private void FollowPresence(CameraView view, FrameLook look)
    {
        if (!view.Presence.There)
        {
            return;
        }

        if (view.Present.Passage is not { } there || view.Present.Number != view.Presence.Number || !_open.Contains(there))
        {
            there = PresentPassage(view, look);
            view.Present = (there, view.Presence.Number);
        }

        if (there.OpenedBy == OpenedBy.Motion && there.Sightings.Count == 0 && look.Time - there.OpenedAt > options.LongestUnread)
        {
            // Told once; from now on it is the lane that stands there.
            _relearn.Add(look.Camera);
            view.Presence.Forget();
            return;
        }

        there.Sign(look.Time, look.TimeQuality, look.Camera);
        there.Portray(look.ForegroundShare ?? 0, look.Pictures);
    }

    // Whose a newly come thing is: the vehicle's whose plate is in view, else one's that another camera or a loop has seen, else a new one's.
    private OpenPassage PresentPassage(CameraView view, FrameLook look)
    {
        var read = _open.Where(p => p.PlateInView(look.Camera, look.Time)).MaxBy(p => p.OpenedAt);
        if (read is not null)
        {
            return read;
        }

        foreach (var before in _open.Where(p => p.SeenBy(look.Camera)))
        {
            before.Followed = true;
        }

        return _open.Where(p => !p.SeenBy(look.Camera)).MinBy(p => p.OpenedAt) ?? OpenNew(view.Presence.Since, OpenedBy.Motion);
    }

    private OpenPassage OpenNew(DateTimeOffset at, OpenedBy by)
    {
        var passage = new OpenPassage(Guid.CreateVersion7(time.GetUtcNow()), at, by, _trust);
        _open.Add(passage);
        return passage;
    }

    private IEnumerable<PassageChange> Tell(FrameLook look)
    {
        foreach (var passage in _open)
        {
            foreach (var sighting in passage.Sightings.Where(s => s.Camera == look.Camera))
            {
                if (sighting.Revise(look.Time, look.TimeQuality) is { } record)
                {
                    yield return new(passage.Record(passage.Stage), record);
                }
            }
        }

        foreach (var change in TellNew())
        {
            yield return change;
        }
    }

    private IEnumerable<PassageChange> TellNew() => _open.Where(p => p.IsNew).Select(p => new PassageChange(p.Record(RecordStage.Provisional), null));

    private List<PassageChange> CloseGone(DateTimeOffset now)
    {
        var changes = new List<PassageChange>();
        foreach (var passage in _open.Where(p => HasGone(p, now)).ToList())
        {
            _open.Remove(passage);
            changes.AddRange(passage.Close(now));

            // Closed with something still in a view: that camera shows nothing more. Whatever it shows next has not been there all the time.
            foreach (var view in _cameras.Values.Where(v => v.Present.Passage == passage && v.Presence.There))
            {
                view.Presence.Forget();
            }
        }

        return changes;
    }

    private bool HasGone(OpenPassage passage, DateTimeOffset now)
    {
        if (passage.OnLoop)
        {
            return false;
        }

        // Something newer stands in its view: if that is a vehicle in front of it, its plate comes back into view within a moment.
        var hidden = passage.Followed && _cameras.Values.Any(c => c.Presence.There && c.Present.Passage != passage) && passage.Sightings.Count > 0;
        return now - passage.LastSign > (hidden ? options.HiddenAfter : options.GoneAfter);
    }
}
