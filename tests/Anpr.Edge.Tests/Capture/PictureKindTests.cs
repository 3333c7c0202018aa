using System.Buffers.Binary;
using System.Text;
using Anpr.Edge.Capture;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Capture;

/// <summary>Kinds of pictures that files may hold: each becomes 8-bit BGR or is refused in one line.</summary>
public sealed class PictureKindTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-kinds-");

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".webp")]
    [InlineData(".bmp")]
    [InlineData(".tif")]
    [InlineData(".gif")]
    [InlineData(".ppm")]
    public void Read_OnePixel_OnePixel(string ending)
    {
        using var drawn = new Mat(1, 1, MatType.CV_8UC3, new Scalar(10, 20, 200));
        Assert.True(Cv2.ImWrite(PathOf("one" + ending), drawn));

        using var read = ImageFile.Read(PathOf("one" + ending));

        Assert.Equal((MatType.CV_8UC3, 1, 1), (read.Type(), read.Width, read.Height));
        Assert.Equal(200, read.Mean().Val2, 20.0);
    }

    /// <summary>Pictures by ffmpeg, which writes more kinds than OpenCV does; all are of one grey.</summary>
    [Theory]
    [InlineData(".jpg", "gray")]
    [InlineData(".png", "gray")]
    [InlineData(".png", "gray16be")]
    [InlineData(".png", "rgb48be")]
    [InlineData(".png", "ya8")]
    [InlineData(".png", "ya16be")]
    [InlineData(".png", "rgba")]
    [InlineData(".png", "rgba64be")]
    [InlineData(".png", "pal8")]
    [InlineData(".tif", "gray")]
    [InlineData(".tif", "gray16le")]
    [InlineData(".tif", "rgb48le")]
    [InlineData(".tif", "rgba")]
    [InlineData(".tif", "rgba64le")]
    [InlineData(".tif", "pal8")]
    [InlineData(".webp", "bgra")]
    [InlineData(".bmp", "gray")]
    [InlineData(".bmp", "bgra")]
    [InlineData(".gif", "pal8")]
    [InlineData(".pgm", "gray16be")]
    public void Read_GreyDeepTransparentOrPalette_BecomesBgr(string ending, string pixels)
    {
        var path = PathOf(pixels + ending);
        TestVideo.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=0x808080:size=32x16", "-frames:v", "1", "-pix_fmt", pixels, path);

        using var read = ImageFile.Read(path);

        Assert.Equal((MatType.CV_8UC3, new Size(32, 16)), (read.Type(), read.Size()));
        var mean = read.Mean();
        Assert.All((double[])[mean.Val0, mean.Val1, mean.Val2], value => Assert.Equal(128, value, 4.0));
    }

    /// <summary>TIFF 6.0, section 16: photometric interpretation 5, four inks a pixel.</summary>
    [Fact]
    public void Read_CmykTiff_InBgr()
    {
        var ink = Enumerable.Repeat((byte[])[0, 255, 255, 0], 64 * 48).SelectMany(pixel => pixel).ToArray();
        File.WriteAllBytes(PathOf("cmyk.tif"), Tiff(64, 48, ink));

        using var read = ImageFile.Read(PathOf("cmyk.tif"));

        Assert.Equal((MatType.CV_8UC3, new Size(64, 48)), (read.Type(), read.Size()));
        Assert.True(read.Mean() is { Val0: < 12, Val1: < 12, Val2: > 243 }, $"{read.Mean()}");
    }

    /// <summary>EXIF 2.3, section 4.6.4: where the first row and column of the stored picture lie.</summary>
    [Theory]
    [InlineData(1, false, 0, 0)]
    [InlineData(2, false, 1, 0)]
    [InlineData(3, false, 1, 1)]
    [InlineData(4, false, 0, 1)]
    [InlineData(5, true, 0, 0)]
    [InlineData(6, true, 1, 0)]
    [InlineData(7, true, 1, 1)]
    [InlineData(8, true, 0, 1)]
    public void Read_EveryExifOrientation_Upright(byte orientation, bool tall, int right, int down)
    {
        using var stored = new Mat(48, 64, MatType.CV_8UC3, Scalar.Black);
        Cv2.Rectangle(stored, new Rect(0, 0, 32, 24), Scalar.White, -1);
        Cv2.ImEncode(".jpg", stored, out var jpeg);
        File.WriteAllBytes(PathOf("turned.jpg"), [.. jpeg[..2], .. Exif(orientation), .. jpeg[2..]]);

        using var read = ImageFile.Read(PathOf("turned.jpg"));

        Assert.Equal(tall ? new Size(48, 64) : new Size(64, 48), read.Size());
        var corner = new Rect(right * read.Width / 2, down * read.Height / 2, read.Width / 2, read.Height / 2);
        using var white = new Mat(read, corner);
        Assert.InRange(white.Mean().Val0, 230, 255);
        Assert.InRange(read.Mean().Val0, 50, 80);
    }

    [Theory]
    [InlineData(".apng", "apng")]
    [InlineData(".png", "apng")]
    [InlineData(".webp", "webp")]
    [InlineData(".gif", "gif")]
    public void Read_Animated_FirstPicture(string ending, string format)
    {
        const string Colours = "color=red:size=32x16:rate=5:duration=0.2[a];color=lime:size=32x16:rate=5:duration=1[b];[a][b]concat";
        string[] pixels = format == "gif" ? ["-pix_fmt", "bgr8"] : [];
        TestVideo.Run("ffmpeg", ["-v", "error", "-filter_complex", Colours, .. pixels, "-f", format, PathOf("moving" + ending)]);

        using var read = ImageFile.Read(PathOf("moving" + ending));

        Assert.True(read.Mean() is { Val1: < 30, Val2: > 220 }, $"{read.Mean()}");
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".bmp")]
    [InlineData(".tif")]
    [InlineData(".gif")]
    [InlineData(".ppm")]
    [InlineData(".pgm")]
    [InlineData(".pbm")]
    [InlineData(".jp2")]
    public void Read_TwentyThousandPixelsSquare_RefusedByItsHeader(string ending)
    {
        File.WriteAllBytes(PathOf("huge" + ending), Huge(ending));

        var e = Assert.Throws<SourceException>(() => ImageFile.Read(PathOf("huge" + ending)));

        Assert.Contains("20000 x 20000 pixels are too many", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    /// <summary>The largest WebP that there can be (RFC 9649: 14 bits a side) is too large as well.</summary>
    [Fact]
    public void Read_LargestWebp_RefusedByItsHeader()
    {
        var bytes = Encoded(".webp");
        Assert.Equal("VP8L", Encoding.ASCII.GetString(bytes, 12, 4));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(21), 0x0FFFFFFF);
        File.WriteAllBytes(PathOf("huge.webp"), bytes);

        Assert.Contains("16384 x 16384", Assert.Throws<SourceException>(() => ImageFile.Read(PathOf("huge.webp"))).Message, StringComparison.Ordinal);
    }

    /// <summary>A flipped bit in a length made OpenCV take 2 GB and half a minute.</summary>
    [Fact]
    public void Read_PngChunkLongerThanTheFile_RefusedByItsHeader()
    {
        var bytes = Encoded(".png");
        Assert.False(ImageHeader.Parse(bytes).Cut);
        bytes[bytes.AsSpan().IndexOf("IDAT"u8) - 4] ^= 0x40;
        File.WriteAllBytes(PathOf("long.png"), bytes);

        Assert.True(ImageHeader.Parse(bytes).Cut);
        Assert.Contains("damaged", Assert.Throws<SourceException>(() => ImageFile.Read(PathOf("long.png"))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Exif(byte orientation) =>
    [
        0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
        0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
    ];

    private static byte[] Encoded(string ending)
    {
        using var small = new Mat(48, 64, MatType.CV_8UC3, Scalar.Red);
        Cv2.ImEncode(ending, small, out var bytes);
        return bytes;
    }

    // A small picture whose header is given another size, where the format keeps it.
    private static byte[] Huge(string ending)
    {
        const int Side = 20_000;
        if (ending is ".ppm" or ".pgm" or ".pbm")
        {
            var kind = ending switch { ".ppm" => "P6", ".pgm" => "P5", _ => "P4" };
            return [.. Encoding.ASCII.GetBytes($"{kind}\n# a comment\n{Side} {Side}\n{(kind == "P4" ? "" : "255\n")}"), .. new byte[1000]];
        }

        var bytes = Encoded(ending);
        switch (ending)
        {
            case ".jpg":
                var frame = bytes.AsSpan().IndexOf((byte[])[0xFF, 0xC0]);
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 5), Side);
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 7), Side);
                break;
            case ".png":
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), Side);
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), Side);
                break;
            case ".bmp":
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), Side);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), -Side);
                break;
            case ".gif":
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), Side);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), Side);
                break;
            case ".jp2":
                var codes = bytes.AsSpan().IndexOf((byte[])[0xFF, 0x4F, 0xFF, 0x51]);
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(codes + 8), Side);
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(codes + 12), Side);
                break;
            default:
                return Tiff(Side, Side, new byte[1000]);
        }

        return bytes;
    }

    // A little-endian TIFF with one strip of CMYK pixels behind its directory.
    private static byte[] Tiff(int width, int height, byte[] pixels)
    {
        (ushort Tag, ushort Type, int Count, int Value)[] entries =
        [
            (256, 4, 1, width), (257, 4, 1, height), (258, 3, 4, 0), (259, 3, 1, 1), (262, 3, 1, 5),
            (273, 4, 1, 0), (277, 3, 1, 4), (278, 4, 1, height), (279, 4, 1, pixels.Length),
        ];
        var behind = 8 + 2 + (12 * entries.Length) + 4;
        (entries[2].Value, entries[5].Value) = (behind, behind + 8);
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("II*\0"u8);
        writer.Write(8);
        writer.Write((ushort)entries.Length);
        foreach (var (tag, type, count, value) in entries)
        {
            writer.Write(tag);
            writer.Write(type);
            writer.Write(count);
            writer.Write(value);
        }

        writer.Write(0);
        writer.Write((byte[])[8, 0, 8, 0, 8, 0, 8, 0]);
        writer.Write(pixels);
        return file.ToArray();
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
