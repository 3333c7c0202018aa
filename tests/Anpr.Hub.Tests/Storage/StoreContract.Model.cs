using Anpr.Hub.Storage;
using CsCheck;

namespace Anpr.Hub.Tests.Storage;

/// <content>Any works in any order, against a dictionary.</content>
public abstract partial class StoreContract
{
    [Fact]
    public async Task Read_OfAnyKind_InAndBesideTransactions_IsWhatAModelSays()
    {
        var id = Gen.Int[0, 30].Select(i => $"{i:D2}");
        var word = Gen.String[Gen.Char["abB"], 0, 2];
        var act = Gen.Frequency(
            (4, Gen.Select(id, Gen.Frequency((1, Gen.Const((string?)null)), (6, word.Select(w => (string?)w))), (i, w) => (Act)new Put(new Note(i, w)))),
            (1, id.Select(i => (Act)new Delete(i))),
            (2, id.Select(i => (Act)new Get(i))),
            (1, id.List[0, 4].Select(ids => (Act)new Several(ids))),
            (4, Gen.Select(word, word, Gen.Int[1, 8], Gen.Bool, Gen.Bool, (a, b, n, newest, byId) => (Act)new Range(byId ? "1" + a : a, byId ? "2" + b : b + "z", n, newest, byId))),
            (1, Gen.Select(id, Gen.Int[1, 8], (i, n) => (Act)new Page(i, n))),
            (1, Gen.Const((Act)new Count())));
        var works = Gen.Select(act.List[1, 12], Gen.Bool, (acts, foreseen) => (Acts: acts, Foreseen: foreseen)).List[1, 6];

        await works.SampleAsync(
            async all =>
            {
                var model = new SortedDictionary<string, Note>(StringComparer.Ordinal);
                await Store.WriteAsync(writer =>
                {
                    foreach (var note in writer.Page(Notes, "", 100))
                    {
                        writer.Delete(Notes, note.Id);
                    }

                    return true;
                });
                var told = await Task.WhenAll(all.Select(work => Store.WriteAsync(
                    writer => work.Acts.ConvertAll(a => Do(writer, a)),
                    work.Foreseen ? store => work.Acts.ForEach(a => Foresee(store, a)) : null)));
                var expected = all.ConvertAll(work => work.Acts.ConvertAll(a => Do(model, a)));

                Assert.Equal(expected, told);
                Assert.All(all.SelectMany(w => w.Acts).Where(a => a is not (Put or Delete)), a => Assert.Equal(Do(model, a), Do(Store, a)));
            },
            iter: 60,
            threads: 1);
    }

    private static string Do(IStoreReader store, Act act)
    {
        switch (act, store)
        {
            case (Put put, IStoreWriter writer):
                writer.Put(Notes, put.Note);
                return "";
            case (Delete delete, IStoreWriter writer):
                writer.Delete(Notes, delete.Id);
                return "";
            case (Get get, _):
                return $"{store.Get(Notes, get.Id)}";
            case (Several several, _):
                return string.Join(' ', store.Get(Notes, several.Ids));
            case (Range range, _):
                return Told(store.Range(range.ById ? Notes.ById : ByWord, range.From, range.To, range.Limit, range.NewestFirst), range);
            case (Page page, _):
                return string.Join(' ', store.Page(Notes, page.After, page.Limit));
            default:
                return $"{store.Count(Notes)}";
        }
    }

    private static string Do(SortedDictionary<string, Note> model, Act act)
    {
        switch (act)
        {
            case Put put:
                model[put.Note.Id] = put.Note;
                return "";
            case Delete delete:
                model.Remove(delete.Id);
                return "";
            case Get get:
                return $"{model.GetValueOrDefault(get.Id)}";
            case Several several:
                return string.Join(' ', several.Ids.Select(model.GetValueOrDefault).OfType<Note>());
            case Range range:
                var keyed = model.Values.Where(n => range.ById || n.Word is not null).Select(n => (Key: range.ById ? n.Id : n.Word!, Note: n))
                    .Where(n => string.CompareOrdinal(n.Key, range.From) >= 0 && string.CompareOrdinal(n.Key, range.To) <= 0);
                var ordered = range.NewestFirst ? keyed.OrderByDescending(n => n.Key, StringComparer.Ordinal) : keyed.OrderBy(n => n.Key, StringComparer.Ordinal);
                return Told([.. ordered.Take(range.Limit).Select(n => n.Note)], range);
            case Page page:
                return string.Join(' ', model.Values.Where(n => string.CompareOrdinal(n.Id, page.After) > 0).Take(page.Limit));
            default:
                return $"{model.Count}";
        }
    }

    // Which of several records under one key are told, where not all can be, is not promised.
    private static string Told(IReadOnlyList<Note> notes, Range range) => string.Join(' ', range.ById ? notes.Select(n => $"{n}") : notes.Select(n => n.Word!));

    private static void Foresee(IStoreLookup store, Act act)
    {
        switch (act)
        {
            case Get get:
                store.Get(Notes, get.Id);
                break;
            case Range range:
                store.Range(range.ById ? Notes.ById : ByWord, range.From, range.To, range.Limit, range.NewestFirst);
                break;
        }
    }

    private abstract record Act;

    private sealed record Put(Note Note) : Act;

    private sealed record Delete(string Id) : Act;

    private sealed record Get(string Id) : Act;

    private sealed record Several(IReadOnlyList<string> Ids) : Act
    {
        public override string ToString() => $"Several {string.Join(',', Ids)}";
    }

    private sealed record Range(string From, string To, int Limit, bool NewestFirst, bool ById) : Act;

    private sealed record Page(string After, int Limit) : Act;

    private sealed record Count : Act;
}
