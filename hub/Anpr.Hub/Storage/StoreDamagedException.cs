using Anpr.Hub.Ops;

namespace Anpr.Hub.Storage;

/// <summary>The store's file is not what the hub left there. It is not touched.</summary>
public sealed class StoreDamagedException(string path, string what, Exception? inner = null)
    : InputException($"{path} {what}. Put it back from a backup together with its log; to begin an empty store instead, move it, its log and {path}.lock away.", inner);
