namespace Anpr.Simulation.Demo;

/// <summary>What the user asked the demo for.</summary>
/// <param name="Videos">The user's own footage by port.</param>
/// <param name="Length">How long it runs once everything is up; null until Ctrl-C.</param>
/// <param name="Json">JSON lines in place of table and words.</param>
/// <param name="Data">Folder for everything; null for a new one under the temporary folder.</param>
/// <param name="Console">Address of the console.</param>
/// <param name="Seed">Of the traffic plan.</param>
internal sealed record DemoOptions(IReadOnlyDictionary<string, string> Videos, TimeSpan? Length, bool Json, string? Data, Uri Console, int Seed);
