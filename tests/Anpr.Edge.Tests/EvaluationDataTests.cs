using Anpr.Tests;

namespace Anpr.Edge.Tests;

public sealed class EvaluationDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("anpr-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Find_OfANamedFolder_IsDataInIt() => Assert.Equal("/some/shared/data", EvaluationData.Find("/some/shared", _folder));

    [Fact]
    public void Find_OfNone_IsTheNearestAbove()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "shared", "data")).FullName;
        var below = Directory.CreateDirectory(Path.Combine(_folder, "repository", "bin")).FullName;
        Assert.Equal(data, EvaluationData.Find("", below));
    }
}
