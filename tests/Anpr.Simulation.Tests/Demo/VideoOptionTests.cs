using Anpr.Simulation.Demo;

namespace Anpr.Simulation.Tests.Demo;

public sealed class VideoOptionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("anpr-video-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Parse_FileFolderAddress_AreTaken()
    {
        var file = Path.Combine(_folder, "a=b.avi");
        File.WriteAllBytes(file, [1]);
        var videos = VideoOption.Parse([$"calais={file}", $"coquelles={_folder}", "dunkerque=rtsp://camera:554/front?x=1"]);
        Assert.Equal((file, _folder, "rtsp://camera:554/front?x=1"), (videos["calais"], videos["coquelles"], videos["dunkerque"]));
    }

    [Theory]
    [InlineData("calais", "PORT=SOURCE")]
    [InlineData("=clip.avi", "PORT=SOURCE")]
    [InlineData("calais=", "PORT=SOURCE")]
    [InlineData("dover=clip.avi", "no port 'dover'")]
    [InlineData("calais=no-such-clip.avi", "no-such-clip.avi does not exist")]
    [InlineData("calais=rtsp://", "is no address")]
    public void Parse_BadValue_IsOneLineThatNamesItAndTheCure(string value, string words)
    {
        var error = Assert.Throws<InputException>(() => VideoOption.Parse([value]));
        Assert.Contains($"--video {value}", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Parse_EmptyFolderOrPortTwice_IsRefused()
    {
        Assert.Contains("is empty", Assert.Throws<InputException>(() => VideoOption.Parse([$"calais={_folder}"])).Message, StringComparison.Ordinal);
        Assert.Contains("has a source already", Assert.Throws<InputException>(() => VideoOption.Parse(["calais=udp://127.0.0.1:1", "calais=udp://127.0.0.1:2"])).Message, StringComparison.Ordinal);
    }
}
