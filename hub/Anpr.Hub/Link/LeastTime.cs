namespace Anpr.Hub.Link;

/// <summary>A way's least time, by those that were linked.</summary>
/// <param name="Took">Only one in a thousand was sooner.</param>
/// <param name="Of">How many were counted.</param>
public sealed record LeastTime(TimeSpan Took, int Of);
