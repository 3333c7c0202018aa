using Anpr.Hub.Web.Passages;
using Anpr.Proto.V1;

namespace Anpr.Hub.Tests.Web;

public sealed class SearchDraftTests
{
    [Fact]
    public void Fault_NothingFilledIn_AsksForOneThingAfterTheOther()
    {
        var draft = new SearchDraft();
        Assert.Contains("why", draft.Fault, StringComparison.Ordinal);
        draft.Reason = Search.Types.Reason.Random;
        Assert.Contains("how", draft.Fault, StringComparison.Ordinal);
        draft.Methods.Add("dog");
        Assert.Contains("found", draft.Fault, StringComparison.Ordinal);
        draft.Finding = Search.Types.Finding.Clear;

        Assert.Null(draft.Fault);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void Fault_PeopleFound_NeedsAPossibleNumber(int people, bool good)
    {
        var draft = new SearchDraft { Reason = Search.Types.Reason.Alert, Finding = Search.Types.Finding.People, People = people };
        draft.Methods.Add("co2");

        Assert.Equal(good, draft.Fault is null);
    }

    [Fact]
    public void ToSearch_FindingIsNotPeople_LeavesTheNumberOut()
    {
        var draft = new SearchDraft { Reason = Search.Types.Reason.Alert, Finding = Search.Types.Finding.Goods, People = 4 };
        draft.Methods.UnionWith(["dog", "visual"]);

        var search = draft.ToSearch("p", "anna");

        Assert.Equal(0u, search.People);
        Assert.Equal(["visual", "dog"], search.Methods);
        Assert.Equal(("p", "anna"), (search.PassageId, search.Officer));
    }
}
