namespace Anpr.Hub.Link;

/// <summary>How long vehicles take from one port to another, by those that were linked.</summary>
/// <param name="Shortest">Nineteen of twenty take longer.</param>
/// <param name="Median">Half of them take longer.</param>
/// <param name="Longest">One of twenty takes longer.</param>
/// <param name="Of">How many were counted.</param>
public sealed record UsualTime(TimeSpan Shortest, TimeSpan Median, TimeSpan Longest, int Of);
