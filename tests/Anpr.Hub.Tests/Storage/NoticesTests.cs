using Anpr.Hub.Storage.Postgres;
using CsCheck;

namespace Anpr.Hub.Tests.Storage;

public sealed class NoticesTests
{
    [Fact]
    public void Write_AnyIds_AreReadAgainAndFitIntoANotice()
    {
        Gen.String[Gen.Char["abc/-019"], 1, 200].List[1, 400].Sample(ids =>
        {
            var notices = Notices.Write("me", "alerts", ids).ToList();

            Assert.All(notices, n => Assert.InRange(n.Length, 1, 7999));
            Assert.Equal(ids, notices.SelectMany(n => Notices.Read(n)!.Value.Written.Ids));
            Assert.All(notices, n => Assert.Equal(("me", "alerts"), (Notices.Read(n)!.Value.Hub, Notices.Read(n)!.Value.Written.Table)));
        });
    }

    [Fact]
    public void Read_WhatIsNoNotice_IsNull() => Assert.Null(Notices.Read("something else"));
}
