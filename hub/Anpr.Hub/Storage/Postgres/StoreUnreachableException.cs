using Anpr.Hub.Ops;

namespace Anpr.Hub.Storage.Postgres;

/// <summary>The database cannot be used.</summary>
public sealed class StoreUnreachableException(string message, Exception? inner)
    : InputException(message, inner);
