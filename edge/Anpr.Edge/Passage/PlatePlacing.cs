using Anpr.Edge.Track;
using Anpr.Models.Plates;

namespace Anpr.Edge.Passage;

/// <summary>Decides whose a settled plate is that has no passage yet.</summary>
internal sealed class PlatePlacing(
    CameraView view,
    FrameLook look,
    IReadOnlyList<OpenPassage> open,
    CountryTable countries,
    Func<OpenedBy, OpenPassage> openNew,
    Action<OpenPassage, PlateTrack> adopt,
    PassageOptions options)
{
    // Confidence that a text needs where its looks or its place speak against it. Whether it fits a format is asked beside it, so it is
    // the reads' own, without the formats in it.
    private const float SureAlone = 0.8f;

    // A plate that was lost for longer than this and reads otherwise is another vehicle's.
    private static readonly TimeSpan SamePlateGap = TimeSpan.FromSeconds(3);

    /// <summary>Gives the track to a passage, opens one for it, finds it to be lettering, or leaves it undecided until more was seen.</summary>
    public void Place(PlateTrack track)
    {
        if (track.LastRead != look.Time || track.Vote.Consensus is not { Agreeing: >= 2 } says)
        {
            return;
        }

        if (SamePlate(says) is { } known)
        {
            adopt(known, track);
            return;
        }

        foreach (var passage in open.Where(p => p.SightingOf(look.Camera) is not null && p.PlateInView(look.Camera, look.Time)).ToList())
        {
            if (view.TrackOf(passage, look.Time) is { } main && main != track && !Beside(passage, main, track, says))
            {
                return;
            }
        }

        if (!IsPlausible(says))
        {
            return;
        }

        if (Waiting() is { } waiting)
        {
            adopt(waiting, track);
        }
        else if (MayOpen(says))
        {
            adopt(openNew(OpenedBy.Plate), track);
        }
    }

    // A plate alone opens a passage when it reads like a registration, and something is there: what reads "WWW" in an empty lane is its
    // barrier. A text that is nobody's format opens one only where the empty lane is not known.
    private bool MayOpen(Consensus says)
    {
        if (look.ForegroundShare is { } share && share < options.EmptyShare)
        {
            return false;
        }

        return Fits(says) ? says.RawConfidence >= (FollowsClosely() ? SureAlone : options.OpensFrom) : look.ForegroundShare is null;
    }

    // A read vehicle still fills the picture: what comes without a gap behind it must be sure, or it is something on its side.
    private bool FollowsClosely() => view.Presence.There && view.Present.Passage is { Sightings.Count: > 0 } before && open.Contains(before);

    // Nobody's format: a rare or foreign registration only when it is sure and holds a digit that is no letter's likeness. Words without
    // one are lettering; better a vehicle without a read plate than one with its haulier's name for a plate.
    private bool IsPlausible(Consensus says) =>
        Fits(says) || (says.Text.Length >= 4 && says.RawConfidence >= SureAlone && says.RawText.Any(c => c is >= '2' and <= '9'));

    // The same text, or nearly so where both are unsure and nothing else can have come between.
    private OpenPassage? SamePlate(Consensus says)
    {
        var merged = PlateText.Merge(says.Text);
        return open.Where(p => !p.PlateInView(look.Camera, look.Time)).FirstOrDefault(p =>
        {
            if (p.SightingOf(look.Camera)?.Consensus is not { } before)
            {
                return false;
            }

            var distance = PlateText.Distance(PlateText.Merge(before.Text), merged);
            var unsure = Math.Min(before.RawConfidence, says.RawConfidence) < 0.9f;
            var unbroken = (look.ForegroundShare is null || view.Present.Passage == p) && look.Time - p.PlateSeen(look.Camera) <= SamePlateGap;
            return distance == 0 || (distance <= 2 && merged.Length >= 5 && unsure && unbroken);
        });
    }

    // A passage that came without a plate: this camera's present thing, else one that only other cameras or a loop have seen.
    private OpenPassage? Waiting()
    {
        if (view.Presence.There && view.Present.Passage is { } present && open.Contains(present) && present.SightingOf(look.Camera) is null)
        {
            return present;
        }

        return open.Where(p => !p.SeenBy(look.Camera)).MinBy(p => p.OpenedAt);
    }

    // Another plate of this camera is in view. True: this one is another vehicle's. False: same vehicle (settled here), or not told yet.
    private bool Beside(OpenPassage passage, PlateTrack main, PlateTrack track, Consensus says)
    {
        var current = passage.SightingOf(look.Camera)!;
        if (Akin(current.Consensus?.Text ?? "", says.Text))
        {
            // A second, shorter box on the same plate; or the next number of one fleet, which is told once the first has gone.
            return false;
        }

        var together = CameraView.OnOneVehicle(main, track);
        if (together == false)
        {
            // Lettering whose box jumps from word to word is no vehicle: only a registration parts two.
            return Fits(says);
        }

        var better = Plausibility(says) > Plausibility(current.Consensus) + 0.5f;
        if (better && (together == true || (Fits(says) && !Fits(current.Consensus))))
        {
            view.Of(main).Lettering = true;
            current.StartAgain();
            adopt(passage, track);
        }
        else if (together == true)
        {
            var lettering = view.Of(track);
            lettering.Lettering = true;
            lettering.Owner = passage;
        }

        return false;
    }

    private static bool Akin(string a, string b) =>
        PlateText.Distance(PlateText.Merge(a), PlateText.Merge(b)) <= 1
        || a.Contains(b, StringComparison.Ordinal)
        || b.Contains(a, StringComparison.Ordinal);

    private float Plausibility(Consensus? says) => says is null ? 0 : (Fits(says) ? 2 : 0) + says.RawConfidence + (0.1f * Math.Min(5, says.Agreeing));

    // Of a word whose Os and Is could be digits the formats make a registration: the reads themselves must hold a digit.
    private bool Fits(Consensus? says) =>
        says is not null && countries.IsRegular(says.Text) && (says.RawText.Any(char.IsAsciiDigit) || countries.IsRegular(says.RawText));
}
