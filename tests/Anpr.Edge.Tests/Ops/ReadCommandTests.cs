using System.Diagnostics;
using System.Text.Json;
using Anpr.Edge.Tests.Capture;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Ops;

/// <summary>The command as people call it: the built program with the shipped models.</summary>
public sealed class ReadCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-read-");

    [Fact]
    public void Read_ImagesOneOfThemBroken_LinesForTheOthersAndOneErrorLine()
    {
        SharedData.NeedModels();
        var plain = PathOf("plain.png");
        using (var picture = new Mat(240, 320, MatType.CV_8UC3, new Scalar(90, 90, 90)))
        {
            Cv2.ImWrite(plain, picture);
        }

        File.WriteAllText(PathOf("broken.jpg"), "\xFF\xD8 no picture");
        File.WriteAllBytes(PathOf("cut.png"), File.ReadAllBytes(plain)[..40]);

        var (code, lines, errors) = Run("read", PathOf("broken.jpg"), PathOf("cut.png"), plain, PathOf("absent.png"), "--json");

        Assert.Equal(2, code);
        Assert.Equal(3, errors.Length);
        Assert.All(errors, e => Assert.StartsWith("anpr read: " + _folder.FullName, e, StringComparison.Ordinal));
        using var line = JsonDocument.Parse(Assert.Single(lines));
        Assert.Equal(plain, line.RootElement.GetProperty("source").GetString());
        Assert.Equal(JsonValueKind.Null, line.RootElement.GetProperty("text").ValueKind);
    }

    [Fact]
    public void Read_Crops_EveryFieldOfTheContract()
    {
        SharedData.NeedModels();
        using (var picture = new Mat(60, 240, MatType.CV_8UC3, Scalar.White))
        {
            Cv2.PutText(picture, "AB123CD", new Point(10, 45), HersheyFonts.HersheyDuplex, 1.5, Scalar.Black, 3);
            Cv2.ImWrite(PathOf("crop.png"), picture);
        }

        var (code, lines, errors) = Run("read", PathOf("crop.png"), "--crops", "--json");

        Assert.Equal((0, 0), (code, errors.Length));
        using var line = JsonDocument.Parse(Assert.Single(lines));
        Assert.Equal(
            ["source", "frame", "time", "offset_s", "quad", "box", "detection", "text", "raw_text", "confidence", "characters", "country", "lines"],
            line.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(240, line.RootElement.GetProperty("box")[2].GetDouble());
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--json", "--crops")]
    [InlineData("--json", "--passages")]
    public void Read_OnePixelAndTooManyPixels_OneHandledOneRefusedInOneLine(params string[] options)
    {
        SharedData.NeedModels();
        using (var picture = new Mat(1, 1, MatType.CV_8UC3, Scalar.White))
        {
            Cv2.ImWrite(PathOf("one.png"), picture);
        }

        File.WriteAllText(PathOf("huge.pgm"), "P5 20000 20000 255\n");

        var (code, _, errors) = Run(["read", PathOf("one.png"), PathOf("huge.pgm"), .. options]);

        Assert.Equal(2, code);
        Assert.StartsWith($"anpr read: {PathOf("huge.pgm")}: 20000 x 20000 pixels are too many", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TruncatedVideoWithPassages_ExitCode2AndTheCutNamed()
    {
        SharedData.NeedModels();
        var whole = TestVideo.Make(PathOf("w.avi"), "160x120", 2, 10, "-c:v", "mjpeg");
        File.WriteAllBytes(PathOf("cut.avi"), File.ReadAllBytes(whole)[..(int)(new FileInfo(whole).Length / 2)]);

        var (code, _, errors) = Run("read", PathOf("cut.avi"), "--passages", "--json");

        Assert.Equal(2, code);
        Assert.Contains("truncated", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AStreamThatEnds_SaysSoInOneLine()
    {
        SharedData.NeedModels();
        var file = TestVideo.Make(PathOf("r.mp4"), "320x240", 3);
        using var server = TestVideo.Start("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Fixtures", "rtsp_server.py"), file);
        try
        {
            var address = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            var (code, _, errors) = Run("read", address!, "--json");

            Assert.Equal(0, code);
            Assert.StartsWith($"anpr read: {address}: the stream ended.", Assert.Single(errors), StringComparison.Ordinal);
        }
        finally
        {
            server.Kill();
        }
    }

    [Theory]
    [InlineData("SOURCE", "read")]
    [InlineData("--fps is '0'", "read", "x", "--fps", "0")]
    [InlineData("--min-detection is '2'", "read", "x", "--min-detection", "2")]
    [InlineData("--passages goes with neither", "read", "x", "--passages", "--crops")]
    [InlineData("there is no option '--pasages'", "read", "x", "--pasages")]
    [InlineData("there is no option '-j'", "read", "-j", "x")]
    [InlineData("--speed is 'fast'", "lane", "check", "--speed", "fast")]
    [InlineData("--speed is '131'", "lane", "check", "--speed", "131")]
    public void Read_BadUsage_ExitCode2AndOneLine(string words, params string[] arguments)
    {
        var (code, lines, errors) = Run(arguments);

        Assert.Equal(2, code);
        Assert.Empty(lines);
        Assert.Contains(words, Assert.Single(errors), StringComparison.Ordinal);
    }

    /// <summary>For people, into a pipe: a line stays a line, however long a path is.</summary>
    [Fact]
    public void Read_LongPathIntoAPipe_OneLine()
    {
        SharedData.NeedModels();
        var path = PathOf(new string('a', 80) + " [red] " + new string('b', 80) + ".png");
        using (var picture = new Mat(240, 320, MatType.CV_8UC3, new Scalar(90, 90, 90)))
        {
            Cv2.ImWrite(path, picture);
        }

        var (code, lines, errors) = Run("read", path);

        Assert.Equal(0, code);
        Assert.Empty(errors);
        Assert.Equal([path, "no plate"], lines.Select(l => l.Trim().TrimStart('-').Trim()));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static (int Code, string[] Lines, string[] Errors) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "anpr-edge.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, Split(lines), Split(errors.GetAwaiter().GetResult()));
    }

    private static string[] Split(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
