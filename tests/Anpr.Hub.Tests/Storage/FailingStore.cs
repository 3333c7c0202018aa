using System.Reflection;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Tests.Storage;

/// <summary>A real store whose disk is full from one write on.</summary>
#pragma warning disable CA1852 // made by DispatchProxy, which derives from it
internal class FailingStore : DispatchProxy
#pragma warning restore CA1852
{
    private IStore inner = null!;
    private int left;

    /// <summary>The store; after so many writes all others fail.</summary>
    public static IStore After(IStore store, int writes)
    {
        var made = Create<IStore, FailingStore>();
        ((FailingStore)(object)made).inner = store;
        ((FailingStore)(object)made).left = writes;
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(IStore.WriteAsync) && left-- <= 0
        ? throw new StoreFailedException(new IOException("No space left on device"))
        : targetMethod.Invoke(inner, BindingFlags.DoNotWrapExceptions, null, args, null);
}
