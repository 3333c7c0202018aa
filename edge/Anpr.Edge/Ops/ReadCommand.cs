using System.CommandLine;
using System.CommandLine.Parsing;
using Anpr.Edge.Passage;
using Anpr.Models;

namespace Anpr.Edge.Ops;

/// <summary><c>anpr read</c>: plates in images, folders, videos and streams, without a hub.</summary>
internal static class ReadCommand
{
    public static Command Create()
    {
        var sources = new Argument<string[]>("SOURCE") { Description = "image, folder of images, video file, rtsp:// or udp:// address, or /dev/videoN", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "one JSON object a line (docs/reading.md)" };
        var passages = new Option<bool>("--passages") { Description = "one line a vehicle passing instead of one a plate and frame; a folder is then one stream in name order" };
        var fps = new Option<double?>("--fps") { Description = "look at so many frames a second only; of a folder with --passages: the rate that it stands for", HelpName = "F", CustomParser = r => Number(r, 0.01, 1000) };
        var crops = new Option<bool>("--crops") { Description = "each image is one plate already: read it without the detector" };
        var minimum = new Option<double?>("--min-detection") { Description = "also print weaker boxes, from this detection score on (0 to 1)", HelpName = "P", CustomParser = r => Number(r, 0, 1) };
        var command = new Command("read", "number plates in images, folders, videos and streams") { sources, json, passages, fps, crops, minimum };
        command.Validators.Add(result =>
        {
            // What is no option is a source for the parser: a misspelt one would change nothing but the exit code.
            foreach (var word in result.GetResult(sources)?.Tokens.Select(t => t.Value).Where(IsNoSource) ?? [])
            {
                result.AddError($"there is no option '{word}'. If it is a file, write ./{word}.");
            }

            if (result.GetValue(passages) && (result.GetValue(crops) || result.GetValue(minimum) is not null))
            {
                result.AddError("--passages goes with neither --crops nor --min-detection: take one of them away.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var request = new ReadRequest(
                parsed.GetRequiredValue(sources), parsed.GetValue(json), parsed.GetValue(passages), parsed.GetValue(fps), parsed.GetValue(crops), parsed.GetValue(minimum));
            return await RunAsync(request, cancel);
        });
        return command;
    }

    private static bool IsNoSource(string word) => word.StartsWith('-') && !Path.Exists(word);

    private static async Task<int> RunAsync(ReadRequest request, CancellationToken cancel)
    {
        Capture.NativeNoise.Silence();
        try
        {
            using var models = VisionModels.Load(threads: Math.Clamp(Environment.ProcessorCount / 2, 1, 2));
            var output = new ReadOutput(request);
            return await new ReadRun(request, models, output, TimeProvider.System).RunAsync(cancel);
        }
        catch (ModelException e)
        {
            await Console.Error.WriteLineAsync("anpr read: " + e.Message);
            return CommandLine.BadInput;
        }
    }

    private static double? Number(ArgumentResult result, double min, double max)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        var option = (result.Parent as OptionResult)?.Option.Name ?? "";
        result.AddError(FormattableString.Invariant($"{option} is '{text}', allowed is a number from {min} to {max}."));
        return null;
    }
}

/// <summary>What was asked for.</summary>
internal sealed record ReadRequest(IReadOnlyList<string> Sources, bool Json, bool Passages, double? FramesPerSecond, bool Crops, double? MinDetection);
