namespace Anpr.Hub.Storage;

/// <summary>The store could not write: the disk is full or fails. Nothing of the transaction was kept; send it again later.</summary>
public sealed class StoreFailedException(Exception cause)
    : IOException($"the hub's store cannot write ({cause.Message.Split('\n')[0].TrimEnd()}). Make room on its disk; lanes keep what they have and send it again.", cause);
