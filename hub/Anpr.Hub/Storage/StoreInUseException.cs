namespace Anpr.Hub.Storage;

/// <summary>Another process has the store open.</summary>
public sealed class StoreInUseException(string path, Exception? inner = null)
    : IOException($"{path} is in use by another hub process. Stop it, or use the command through the running hub.", inner);
