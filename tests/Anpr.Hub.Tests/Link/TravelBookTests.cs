using Anpr.Hub.Link;
using CsCheck;

namespace Anpr.Hub.Tests.Link;

public sealed class TravelBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Place Entry = new("calais", "entry");
    private static readonly Place Control = new("calais", "control");
    private static readonly Place Elsewhere = new("dunkerque", "entry");

    [Fact]
    public void Rate_FasterThanTheWay_IsNothing()
    {
        var book = new TravelBook([]);
        Assert.Equal(0, book.Rate(Entry, Noon, Elsewhere, TimeSpan.FromMinutes(34)));
        Assert.Equal(0, book.Rate(Entry, Noon, Control, TimeSpan.FromSeconds(-1)));
        Assert.True(book.Rate(Entry, Noon, Elsewhere, TimeSpan.FromMinutes(36)) > 0);
    }

    /// <summary>A queue of 10 minutes, a hundred times: that is expected afterwards, a minute and a day hardly.</summary>
    [Fact]
    public void Rate_LearntQueue_IsHighestAtItsLength()
    {
        var book = Learnt();
        var usual = book.Rate(Entry, Noon, Control, TimeSpan.FromMinutes(10));
        Assert.True(usual > 10 * book.Rate(Entry, Noon, Control, TimeSpan.FromMinutes(1)));
        Assert.True(usual > 1000 * book.Rate(Entry, Noon, Control, TimeSpan.FromDays(1)));
        Assert.True(usual > 5 * book.Rate(Entry, Noon, Entry, TimeSpan.FromMinutes(10)));
        Assert.True(usual > 3 * new TravelBook([]).Rate(Entry, Noon, Control, TimeSpan.FromMinutes(10)));
    }

    /// <summary>What all lanes and all times together are given is a probability: no more than one of what is seen next.</summary>
    [Fact]
    public void Rate_OverAllTimesAndLanes_IsAtMostOne()
    {
        var book = Learnt();
        var sum = 0.0;
        foreach (var to in (Place[])[Entry, Control, Elsewhere])
        {
            for (var t = 1.0; t < TimeSpan.FromDays(7).TotalSeconds; t *= 1.01)
            {
                sum += book.Rate(Entry, Noon, to, TimeSpan.FromSeconds(t)) * t * 0.01;
            }
        }

        Assert.InRange(sum, 0.5, 1.5);
    }

    [Fact]
    public void NewRate_VehiclesComing_RisesAndFallsAgain()
    {
        var book = Learnt();
        var busy = book.NewRate(Entry, Noon.AddMinutes(200));
        Assert.InRange(busy, 0.5 / 120, 1.0 / 100);
        Assert.True(book.NewRate(Entry, Noon.AddHours(12)) < busy / 10);
        Assert.True(book.NewShare(Entry) > 0.9);
        Assert.True(book.NewShare(Control) < 0.1);
    }

    /// <summary>An import of last week's vehicles says nothing of today's, whatever the order.</summary>
    [Fact]
    public void NewRate_LessonsOfThePast_CountAsTheirTimesSay()
    {
        var (ordered, shuffled) = (new TravelBook([]), new TravelBook([]));
        var times = Enumerable.Range(0, 500).Select(i => Noon.AddMinutes(i * 3)).ToArray();
        Array.ForEach(times, at => ordered.Learn(new(Entry, at, null)));
        shuffled.Learn(new(Entry, times[0], null));
        var rest = times[1..];
        new Random(1).Shuffle(rest);
        Array.ForEach(rest, at => shuffled.Learn(new(Entry, at, null)));

        Assert.Equal(ordered.NewRate(Entry, times[^1]), shuffled.NewRate(Entry, times[^1]), 1e-9);
    }

    [Fact]
    public void Rate_AnyLessons_IsFiniteAndNotNegative() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Double[0, 1e6]).Array[0, 40].Sample(lessons =>
        {
            Place[] places = [Entry, Control, Elsewhere];
            var book = new TravelBook([]);
            foreach (var (from, to, took) in lessons)
            {
                book.Learn(new(places[to], Noon, (places[from], Noon.AddSeconds(-took))));
            }

            foreach (var (from, to, took) in lessons)
            {
                Assert.InRange(book.Rate(places[from], Noon, places[to], TimeSpan.FromSeconds(took)), 0, 1);
            }
        });

    /// <summary>The queue is ten minutes by day and an hour at night: each hour expects its own.</summary>
    [Fact]
    public void Rate_QueuesThatChangeWithTheHour_AreExpectedAtTheirHours()
    {
        var (book, midnight) = (new TravelBook([]), Noon.AddHours(12));
        for (var i = 0; i < 200; i++)
        {
            book.Learn(new(Control, Noon.AddSeconds(i).AddMinutes(10), (Entry, Noon.AddSeconds(i))));
            book.Learn(new(Control, midnight.AddSeconds(i).AddMinutes(60), (Entry, midnight.AddSeconds(i))));
        }

        Assert.True(book.Rate(Entry, Noon, Control, TimeSpan.FromMinutes(10)) > 4 * book.Rate(Entry, midnight, Control, TimeSpan.FromMinutes(10)));
        Assert.True(book.Rate(Entry, midnight, Control, TimeSpan.FromMinutes(60)) > 4 * book.Rate(Entry, Noon, Control, TimeSpan.FromMinutes(60)));
    }

    [Fact]
    public void Pairs_AnyLessons_MakeABookThatExpectsTheSame() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Double[0, 1e6]).Array[1, 40].Sample(lessons =>
        {
            Place[] places = [Entry, Control, Elsewhere];
            var book = new TravelBook([]);
            foreach (var (from, to, took) in lessons)
            {
                book.Learn(new(places[to], Noon.AddSeconds(took), took < 1e5 ? null : (places[from], Noon)));
            }

            var again = new TravelBook(book.Pairs());
            foreach (var (from, to, took) in lessons)
            {
                Assert.Equal(book.Rate(places[from], Noon, places[to], TimeSpan.FromSeconds(took)), again.Rate(places[from], Noon, places[to], TimeSpan.FromSeconds(took)), 1e-9);
                Assert.Equal(book.NewRate(places[to], Noon), again.NewRate(places[to], Noon), 1e-6);
                Assert.Equal(book.NewShare(places[to]), again.NewShare(places[to]), 1e-6);
            }
        });

    // One every two minutes comes to the entry for the first time, and to the control after ten.
    private static TravelBook Learnt()
    {
        var book = new TravelBook([]);
        for (var i = 0; i < 100; i++)
        {
            book.Learn(new(Entry, Noon.AddMinutes(2 * i), null));
            book.Learn(new(Control, Noon.AddMinutes((2 * i) + 10), (Entry, Noon.AddMinutes(2 * i))));
        }

        return book;
    }
}
