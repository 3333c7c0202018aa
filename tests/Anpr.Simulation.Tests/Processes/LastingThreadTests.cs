using Anpr.Simulation.Processes;

namespace Anpr.Simulation.Tests.Processes;

public sealed class LastingThreadTests
{
    [Fact]
    public void Run_Twice_IsTheSameThread() =>
        Assert.Equal(LastingThread.Run(() => Environment.CurrentManagedThreadId), LastingThread.Run(() => Environment.CurrentManagedThreadId));

    [Fact]
    public void Run_Throws_GivesTheException() =>
        Assert.Throws<InputException>(() => LastingThread.Run<int>(() => throw new InputException("no")));
}
