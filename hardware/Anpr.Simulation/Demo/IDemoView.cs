namespace Anpr.Simulation.Demo;

/// <summary>How a demo is shown: as a live table, as plain lines, as JSON lines. Called by one thread at a time.</summary>
internal interface IDemoView
{
    /// <summary>One sentence about what is being done, or about something that went wrong.</summary>
    void Say(string words);

    /// <summary>The console is there: its address and one sign-in link per role.</summary>
    void Links(Uri console, IReadOnlyList<(string Role, string Link)> links);

    /// <summary>A line of the hub, as it came.</summary>
    void Event(string line);

    /// <summary>How things are now; called about once a second.</summary>
    void Show(DemoState state, DateTimeOffset now);

    /// <summary>The last word.</summary>
    void Summary(DemoSummary summary, string folder);
}
