using System.CommandLine;
using System.Globalization;
using Anpr.Hub.Access;
using Anpr.Hub.Movements;

namespace Anpr.Hub.Ops;

/// <summary><c>hub import</c> and <c>hub export</c>: through the running hub, or on its store when none runs.</summary>
internal static class TransferCommands
{
    public static Command Import()
    {
        var data = DataOption.Create();
        var store = StoreOption.Create();
        var file = new Argument<FileInfo>("FILE.jsonl") { Description = "one sighting a line (docs/json.md)" };
        var command = new Command("import", "takes in sightings of other sources") { file, data, store };
        command.SetAction(async (parsed, cancellation) =>
        {
            var source = parsed.GetRequiredValue(file);
            if (!source.Exists)
            {
                throw new InputException($"{source.FullName} does not exist. Give a file with one sighting a line.");
            }

            using var lines = source.OpenText();
            Task Refuse(long number, string fault) => Console.Error.WriteLineAsync($"{source.Name}:{number}: {fault}");
            var files = new HubFiles(parsed.GetRequiredValue(data));
            ImportSummary summary;
            if (SocketDesk.Connect(files) is { } client)
            {
                using (client)
                {
                    summary = await ThroughHubAsync(client, source, lines, Refuse, cancellation);
                }
            }
            else
            {
                await using var hub = ClosedHub.Open(files, parsed.GetValue(store));
                summary = await hub.Transfer.ImportAsync(AccessDesk.LocalName, source.Name, lines, Refuse, cancellation);
            }

            Console.Out.WriteLine($"{summary.Stored} stored, {summary.Duplicates} duplicates, {summary.Refused} refused");
            return summary.Refused == 0 ? 0 : CommandLine.BadInput;
        });
        return command;
    }

    public static Command Export()
    {
        var data = DataOption.Create();
        var store = StoreOption.Create();
        var what = new Option<string>("--what") { Required = true, HelpName = "KIND", Description = string.Join(", ", Exporter.Kinds) };
        var reason = new Option<string?>("--reason") { HelpName = "CODE:REF", Description = "why: a code and a reference; it is logged" };
        var text = new Option<string?>("--reason-text") { HelpName = "WORDS", Description = "more words about why, at most 200 characters; they are logged" };
        var json = new Option<bool>("--json") { Description = "one JSON object a line (the only form)" };
        var command = new Command("export", "gives out what the hub knows") { what, reason, text, json, data, store };
        command.SetAction(async (parsed, cancellation) =>
        {
            var files = new HubFiles(parsed.GetRequiredValue(data));
            var kind = parsed.GetRequiredValue(what);
            var (why, words) = (parsed.GetValue(reason), parsed.GetValue(text));
            if (SocketDesk.Connect(files) is { } client)
            {
                using (client)
                {
                    await ExportThroughHubAsync(client, kind, why, words, cancellation);
                }

                return;
            }

            await using var hub = ClosedHub.Open(files, parsed.GetValue(store));
            foreach (var line in hub.Transfer.Export(AccessDesk.LocalName, kind, why, words))
            {
                await Console.Out.WriteLineAsync(line.AsMemory(), cancellation);
            }
        });
        return command;
    }

    private static async Task<ImportSummary> ThroughHubAsync(
        HttpClient client, FileInfo source, StreamReader lines, Func<long, string, Task> refuse, CancellationToken cancellation)
    {
        client.Timeout = Timeout.InfiniteTimeSpan;
        using var content = new StreamContent(lines.BaseStream);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/import?name={Uri.EscapeDataString(source.Name)}") { Content = content };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new IOException(await response.Content.ReadAsStringAsync(cancellation));
        }

        using var answer = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await answer.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith('='))
            {
                var counts = line[1..].Split(' ').Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToList();
                return new ImportSummary(counts[0], counts[1], counts[2]);
            }

            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            await refuse(long.Parse(line.AsSpan(0, tab), CultureInfo.InvariantCulture), line[(tab + 1)..]);
        }

        throw new IOException("the hub stopped before the import was done. Run it again: what was stored stays, and comes back as duplicate.");
    }

    private static async Task ExportThroughHubAsync(HttpClient client, string kind, string? reason, string? text, CancellationToken cancellation)
    {
        client.Timeout = Timeout.InfiniteTimeSpan;
        var uri = new Uri($"/admin/export?what={Uri.EscapeDataString(kind)}&reason={Uri.EscapeDataString(reason ?? "")}&reason_text={Uri.EscapeDataString(text ?? "")}", UriKind.Relative);
        using var response = await client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new InputException(await response.Content.ReadAsStringAsync(cancellation));
        }

        await using var answer = await response.Content.ReadAsStreamAsync(cancellation);
        await using var output = Console.OpenStandardOutput();
        await answer.CopyToAsync(output, cancellation);
    }
}
