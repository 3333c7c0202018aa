namespace Anpr.Hub.Tests.Faults;

/// <summary>Tests that run beside no others: they listen to what the whole process logs, or measure it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
