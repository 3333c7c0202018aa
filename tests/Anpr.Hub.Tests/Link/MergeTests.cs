using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Tests.Link;

/// <summary>Vehicles that are joined by later evidence, taken apart and joined again.</summary>
public sealed class MergeTests : LinkerFixture
{
    [Fact]
    public async Task Link_LaterEvidence_GathersWhatWasFoundedApart()
    {
        await TeachAsync("dunkerque");
        var known = await LinkAsync(Seen("XK34MNP", "calais", 1000));
        var misread = await LinkAsync(Seen("XK34MNF", "dunkerque", 1100, (6, 'P', 0.05f), confidence: 0.7f));
        Assert.NotEqual(known.Vehicle.Id, misread.Vehicle.Id);

        var last = await LinkAsync(Seen("XK34MNP", "dunkerque", 1110, lane: "dunkerque-2"));

        Assert.Equal(last.Vehicle.Id, Store.Get(StoredSighting.Table, misread.Sighting.Id)!.Vehicle);
        Assert.Equal(("XK34MNP", 3), (last.Vehicle.Text, last.Vehicle.Sightings));
    }

    [Fact]
    public async Task Undo_OfAMerge_PutsBackWhatWasJoined_AndTheyAreNeverJoinedAgain()
    {
        await TeachAsync("dunkerque");
        var known = await LinkAsync(Seen("XK34MNP", "calais", 1000));
        var misread = await LinkAsync(Seen("XK34MNF", "dunkerque", 1100, (6, 'P', 0.05f), confidence: 0.7f));
        var last = await LinkAsync(Seen("XK34MNP", "dunkerque", 1110, lane: "dunkerque-2"));
        var merge = Assert.Single(Store.All(Merge.Table));
        Assert.Equal(last.Vehicle.Id, merge.Into);
        var gone = merge.Gone.Id == known.Vehicle.Id ? known : misread;

        var (undone, moved) = await Store.WriteAsync(writer => Linker.Undo(writer, merge.Id, "olive"));

        Assert.Equal("olive", undone!.UndoneBy);
        Assert.Equal([gone.Sighting.Id], moved.Select(s => s.Id));
        Assert.Equal((gone.Sighting.Text, 1), (Store.Get(Vehicle.Table, gone.Vehicle.Id)!.Text, Store.Get(Vehicle.Table, gone.Vehicle.Id)!.Sightings));
        Assert.Equal(2, Store.Get(Vehicle.Table, merge.Into)!.Sightings);
        await LinkAsync(Seen("XK34MNP", "dunkerque", 1130, lane: "dunkerque-3"));
        Assert.Equal(gone.Vehicle.Id, Store.Get(StoredSighting.Table, gone.Sighting.Id)!.Vehicle);
        Assert.Equal((null, 0), await Store.WriteAsync(writer => Linker.Undo(writer, merge.Id, "olive") is var again ? (again.Merge, again.Moved.Count) : default));
    }

    [Fact]
    public async Task Redo_OfWhatWasTakenApartByMistake_JoinsThemAgain_AndCanBeUndone()
    {
        var merge = await JoinedAsync();
        Assert.Null((await RedoAsync(merge.Id)).Merge); // it stands
        await Store.WriteAsync(writer => Linker.Undo(writer, merge.Id, "olive").Merge);

        var (again, moved) = await RedoAsync(merge.Id);

        Assert.Equal((merge.Into, merge.Gone.Id, "joined again by olive"), (again!.Into, again.Gone.Id, again.Why));
        Assert.Equal(merge.Sightings, moved.Select(s => s.Id));
        Assert.Equal(3, Store.Get(Vehicle.Table, merge.Into)!.Sightings);
        Assert.Null(Store.Get(Vehicle.Table, merge.Gone.Id));
        Assert.Empty(Store.All(Apart.Table));
        Assert.Null((await RedoAsync(merge.Id)).Merge); // they are one already
        await Store.WriteAsync(writer => Linker.Undo(writer, again.Id, "olive").Merge);
        Assert.Equal((2, 1), (Store.Get(Vehicle.Table, merge.Into)!.Sightings, Store.Get(Vehicle.Table, merge.Gone.Id)!.Sightings));
    }

    [Fact]
    public async Task Redo_OfTwoThatWereSeenFarApartSince_IsRefused_AndTheyStayApart()
    {
        var merge = await JoinedAsync();
        await Store.WriteAsync(writer => Linker.Undo(writer, merge.Id, "olive").Merge);
        foreach (var (vehicle, port) in new[] { (merge.Into, "calais"), (merge.Gone.Id, "dunkerque") })
        {
            var seen = Seen("XK34MNP", port, 2000) with { Vehicle = vehicle };
            await Store.WriteAsync(writer =>
            {
                writer.Put(StoredSighting.Table, seen);
                return true;
            });
        }

        var refused = await Assert.ThrowsAsync<InputException>(() => RedoAsync(merge.Id));

        Assert.Contains("too far apart", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(Store.Get(Vehicle.Table, merge.Gone.Id));
        Assert.NotNull(Store.Get(Apart.Table, Apart.Key(merge.Gone.Id, merge.Into)));
    }

    [Fact]
    public async Task Gather_OfOneThatWasTakenApartFromAnother_KeepsTheThirdApartFromItToo()
    {
        await TeachAsync("dunkerque");
        var known = await LinkAsync(Seen("XK34MNP", "calais", 1000));
        var misread = await LinkAsync(Seen("XK34MNF", "dunkerque", 1100, (6, 'P', 0.05f), confidence: 0.7f));
        Apart[] said = [.. new[] { known, misread }.Select(l => new Apart(l.Vehicle.Id, $"other of {l.Vehicle.Text}", "olive"))];
        await Store.WriteAsync(writer => said.Select(a =>
        {
            writer.Put(Apart.Table, a);
            return a;
        }).Count());

        await LinkAsync(Seen("XK34MNP", "dunkerque", 1110, lane: "dunkerque-2"));

        var merge = Assert.Single(Store.All(Merge.Table));
        var third = $"other of {merge.Gone.Text}";
        Assert.Equal("olive", Store.Get(Apart.Table, Apart.Key(third, merge.Into))!.By);
        await Store.WriteAsync(writer => Linker.Undo(writer, merge.Id, "olive").Merge);
        Assert.Null(Store.Get(Apart.Table, Apart.Key(third, merge.Into)));
        Assert.NotNull(Store.Get(Apart.Table, Apart.Key(third, merge.Gone.Id)));
        Assert.NotNull(Store.Get(Apart.Table, Apart.Key(merge.Gone.Id, merge.Into)));
    }

    // A misread at Dunkerque that a vehicle of Calais takes in when it is seen there next to it.
    private async Task<Merge> JoinedAsync()
    {
        await TeachAsync("dunkerque");
        await LinkAsync(Seen("XK34MNP", "calais", 1000));
        await LinkAsync(Seen("XK34MNF", "dunkerque", 1100, (6, 'P', 0.05f), confidence: 0.7f));
        await LinkAsync(Seen("XK34MNP", "dunkerque", 1110, lane: "dunkerque-2"));
        return Assert.Single(Store.All(Merge.Table));
    }

    private Task<(Merge? Merge, IReadOnlyList<StoredSighting> Moved)> RedoAsync(string id) => Store.WriteAsync(writer => Linker.Redo(writer, id, "olive"));
}
