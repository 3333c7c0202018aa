namespace Anpr.Architecture.Tests;

/// <summary>The project speaks only of itself: no machine's paths, no hosts, no leftovers.</summary>
public sealed class SpeechTests
{
    private static readonly string[] Kinds = ["*.cs", "*.md", "*.py", "*.proto", "*.json", "*.razor", "*.props", "*.csproj", "*.css", "*.js"];

    [Fact]
    public void No_file_names_a_machines_folder()
    {
        // Built from parts so that this file does not find itself.
        string[] words = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"];
        var found = from file in Kinds.SelectMany(Repository.Files)
                    let text = File.ReadAllText(file)
                    from word in words
                    where text.Contains(word, StringComparison.Ordinal)
                    select $"{Path.GetRelativePath(Repository.Root, file)}: {word}";
        Assert.Empty(found);
    }

    [Fact]
    public void No_source_is_left_unfinished()
    {
        string[] words = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", "#reg" + "ion"];
        var found = from file in Repository.Files("*.cs").Concat(Repository.Files("*.py")).Concat(Repository.Files("*.razor"))
                    let text = File.ReadAllText(file)
                    from word in words
                    where text.Contains(word, StringComparison.Ordinal)
                    select $"{Path.GetRelativePath(Repository.Root, file)}: {word}";
        Assert.Empty(found);
    }
}
