namespace Anpr.Hub.Storage;

/// <summary>
/// The store does not work at this moment: its disk is full or fails. Nothing of the transaction is promised; send it again later.
/// </summary>
public sealed class StoreFailedException(Exception cause)
    : IOException($"The hub's store does not work ({cause.Message.Split('\n')[0].Trim().TrimEnd('.')}). Make room on its disk or mend it; lanes keep what they have and send it again.", cause);
