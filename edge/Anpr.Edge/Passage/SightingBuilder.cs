using Anpr.Edge.Track;
using Anpr.Models.Plates;

namespace Anpr.Edge.Passage;

/// <summary>Grows the record of one plate of a passage: consensus over its tracks, winning frame, revisions. Not thread-safe.</summary>
internal sealed class SightingBuilder(Guid id, Guid passage, string camera, Side side, string models, PassageOptions options, TrackOptions trackOptions, PlateSyntax syntax)
{
    // A better picture is worth a revision only when it is visibly better.
    private const float WorthRevising = 1.25f;

    // Texts for which a winning frame is kept: the consensus may still change to one of them.
    private const int MaxTexts = 4;

    private readonly Dictionary<string, Winner> _winners = new(StringComparer.Ordinal);
    private PlateVote _vote = new(trackOptions, syntax);
    private SightingRecord? _last;
    private float _lastQuality;
    private float _firstWidth;
    private float _lastWidth;
    private int _widths;

    /// <summary>Its id.</summary>
    public Guid Id => id;

    /// <summary>Its camera's name.</summary>
    public string Camera => camera;

    /// <summary>What its reads say together.</summary>
    public Consensus? Consensus => _vote.Consensus;

    /// <summary>Capture time of the first look.</summary>
    public DateTimeOffset FirstSeen { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Capture time of the last look.</summary>
    public DateTimeOffset LastSeen { get; private set; }

    /// <summary>The plate grows, shrinks, or does not tell.</summary>
    public Direction Direction => _widths < 3 ? Direction.Unknown : (_lastWidth / _firstWidth) switch
    {
        var g when g >= options.GrowthTowards => Direction.Towards,
        var g when g <= 1 / options.GrowthTowards => Direction.Away,
        _ => Direction.Unknown,
    };

    /// <summary>True once a record was handed on.</summary>
    public bool Told => _last is not null;

    /// <summary>True while the plate has shown twice what it says, and was more than guessed at.</summary>
    public bool Settled =>
        Consensus is { Agreeing: >= 2, Text.Length: var n } && n >= trackOptions.MinTextLength && Best()?.Look.Read.Confidence >= options.LeastRead;

    /// <summary>Takes all looks and winning frames that a track had before it was known whose it is.</summary>
    public void Adopt(PlateTrack track, IEnumerable<Winner> winners)
    {
        _vote.Add(track.Vote);
        FirstSeen = track.FirstSeen < FirstSeen ? track.FirstSeen : FirstSeen;
        LastSeen = track.LastSeen;
        foreach (var spot in track.Path)
        {
            Measure(spot.WidthPx);
        }

        foreach (var winner in winners)
        {
            Offer(winner);
        }
    }

    /// <summary>Drops what it has: another plate of the same vehicle turned out to be the registration.</summary>
    public void StartAgain()
    {
        _vote = new(trackOptions, syntax);
        Release();
        _widths = 0;
    }

    /// <summary>Takes one more look.</summary>
    public void See(PlateLook look, DateTimeOffset time)
    {
        _vote.Add(look);
        LastSeen = time;
        Measure(look.Plate.Box.Width);
    }

    /// <summary>True when a frame of this quality would become the winning one of its text.</summary>
    public bool Wants(string text, float quality) => WantsAmong(_winners, text, quality);

    /// <summary>Keeps a frame when it is the best of its text.</summary>
    public void Offer(Winner winner) => OfferAmong(_winners, winner);

    /// <summary>The next revision if one is due; null when nothing worth telling has changed, or it is too early.</summary>
    public SightingRecord? Revise(DateTimeOffset now, Capture.TimeQuality quality)
    {
        if (!Settled || (_last is not null && now - _last.DecidedAt < options.RevisionsEvery))
        {
            return null;
        }

        var worth = _last is null
            || _last.Text != Consensus!.Text
            || Best()!.Quality > WorthRevising * _lastQuality
            || Math.Abs(LogOdds(_last.Confidence) - LogOdds(Final(Best()!).Confidence)) > 1.5;
        return worth ? Record(now, _last is null ? RecordStage.Provisional : RecordStage.Revised, quality) : null;
    }

    /// <summary>The last revision; null when it never settled.</summary>
    public SightingRecord? Close(DateTimeOffset now, Capture.TimeQuality quality)
    {
        var last = Settled ? Record(now, RecordStage.Closed, quality) : _last is null ? null : _last = _last with { Revision = _last.Revision + 1, Stage = RecordStage.Closed, DecidedAt = now };
        Release();
        return last;
    }

    internal static bool WantsAmong(Dictionary<string, Winner> winners, string text, float quality)
    {
        var key = PlateText.Merge(text);
        return winners.TryGetValue(key, out var best)
            ? quality > 1.1f * best.Quality
            : winners.Count < MaxTexts || winners.Values.Min(w => w.Quality) < quality;
    }

    internal static void OfferAmong(Dictionary<string, Winner> winners, Winner winner)
    {
        var key = PlateText.Merge(winner.Look.Read.Text);
        if (winners.TryGetValue(key, out var best) && best.Quality >= winner.Quality)
        {
            winner.Dispose();
            return;
        }

        best?.Dispose();
        winners[key] = winner;
        if (winners.Count > MaxTexts)
        {
            var weakest = winners.MinBy(w => w.Value.Quality);
            winners.Remove(weakest.Key);
            weakest.Value.Dispose();
        }
    }

    private void Release()
    {
        foreach (var winner in _winners.Values)
        {
            winner.Dispose();
        }

        _winners.Clear();
    }

    // The frame whose own read is the text, else one whose read is what the reads say without syntax, else the best whose read is one
    // character from that.
    private Winner? Best()
    {
        if (Consensus is not { } consensus)
        {
            return null;
        }

        var raw = PlateText.Merge(consensus.RawText);
        return _winners.GetValueOrDefault(PlateText.Merge(consensus.Text))
            ?? _winners.GetValueOrDefault(raw)
            ?? _winners.Where(w => PlateText.Distance(w.Key, raw) <= 1).OrderByDescending(w => w.Value.Quality).Select(w => w.Value).FirstOrDefault();
    }

    private (string Second, float Confidence) Final(Winner winner)
    {
        var second = SecondOpinion.Words(winner.Second?.Value, Consensus!.Text);
        return (second, SecondOpinion.Apply(Consensus.Confidence, second));
    }

    private SightingRecord Record(DateTimeOffset now, RecordStage stage, Capture.TimeQuality quality)
    {
        var (consensus, winner) = (Consensus!, Best()!);
        var (second, confidence) = Final(winner);
        _lastQuality = winner.Quality;
        return _last = new(
            id,
            (_last?.Revision ?? 0) + 1,
            passage,
            stage,
            camera,
            winner.Time,
            FirstSeen,
            LastSeen,
            now,
            consensus.Text,
            winner.Look.Read.Text,
            confidence,
            consensus.Characters,
            [.. consensus.Alternatives.Select(a => new TextAlternative(a.Text, a.P))],
            consensus.Country,
            side,
            Direction,
            consensus.Reads,
            consensus.Lines,
            winner.Look.Plate.Detection,
            winner.Quad,
            winner.Patch,
            winner.Overview.Jpeg(),
            quality,
            second,
            models);
    }

    private void Measure(float width)
    {
        _widths++;
        _firstWidth = _widths <= 3 ? (_firstWidth * (_widths - 1) + width) / _widths : _firstWidth;
        _lastWidth = _widths <= 3 ? _firstWidth : _lastWidth + ((width - _lastWidth) / 3);
    }

    private static double LogOdds(float p) => Math.Log(Math.Clamp(p, 1e-4, 1 - 1e-4) / (1 - Math.Clamp(p, 1e-4, 1 - 1e-4)));
}
