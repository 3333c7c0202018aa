using Anpr.Edge.Ops;

namespace Anpr.Edge.Tests.Ops;

public sealed class DataLockTests
{
    [Fact]
    public void Take_Twice_IsRefusedUntilGivenBack()
    {
        var folder = Directory.CreateTempSubdirectory("anpr-lock-").FullName;
        using (DataLock.Take(folder))
        {
            Assert.Contains("is in use", Assert.Throws<UserError>(() => DataLock.Take(folder)).Message, StringComparison.Ordinal);
        }

        DataLock.Take(folder).Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Take_OfAMissingFolder_SaysWhatToDo() =>
        Assert.Contains("there is no such folder", Assert.Throws<UserError>(() => DataLock.Take("/nonexistent/lane")).Message, StringComparison.Ordinal);
}
