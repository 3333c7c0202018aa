namespace Anpr.EndToEnd.Site;

/// <summary>The blocks of docs/deploy.md that a person types: each indented block, under the heading of the machine it is for.</summary>
internal sealed class DeployGuide
{
    private const string Indent = "       ";
    private readonly Dictionary<string, List<string>> _blocks = new(StringComparer.Ordinal);

    /// <summary>Reads the guide.</summary>
    public DeployGuide(string file)
    {
        var (section, inBlock) = ("", false);
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = line[3..];
            }

            var typed = line.StartsWith(Indent, StringComparison.Ordinal);
            if (typed && inBlock)
            {
                _blocks[section][^1] += "\n" + line.Trim();
            }
            else if (typed)
            {
                _blocks.TryAdd(section, []);
                _blocks[section].Add(line.Trim());
            }

            inBlock = typed;
        }
    }

    /// <summary>The commands under a heading, in order.</summary>
    public IEnumerable<string> Commands(string heading) => _blocks[heading].Where(block => block[0] != '{').SelectMany(block => block.Split('\n'));

    /// <summary>The one configuration file under a heading.</summary>
    public string Json(string heading) => _blocks[heading].Single(block => block[0] == '{');
}
