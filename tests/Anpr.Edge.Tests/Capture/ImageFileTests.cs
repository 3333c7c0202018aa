using System.Buffers.Binary;
using Anpr.Edge.Capture;
using CsCheck;
using OpenCvSharp;
using Size = OpenCvSharp.Size;

namespace Anpr.Edge.Tests.Capture;

public sealed class ImageFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-image-");

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".webp")]
    [InlineData(".bmp")]
    [InlineData(".tif")]
    public void Read_ColourPicture_EightBitBgr(string ending)
    {
        using var drawn = Red(MatType.CV_8UC3, new Scalar(10, 20, 200));
        using var read = ImageFile.Read(Save("a" + ending, drawn));

        Assert.Equal((MatType.CV_8UC3, new Size(64, 48)), (read.Type(), read.Size()));
        var mean = read.Mean();
        Assert.Equal((10, 20, 200), (Math.Round(mean.Val0 / 10) * 10, Math.Round(mean.Val1 / 10) * 10, Math.Round(mean.Val2 / 10) * 10));
    }

    [Fact]
    public void Read_Grey16BitAndAlpha_BecomeBgr()
    {
        using var grey = Red(MatType.CV_8UC1, new Scalar(77));
        using var deep = Red(MatType.CV_16UC1, new Scalar(77 * 257));
        using var alpha = Red(MatType.CV_8UC4, new Scalar(77, 77, 77, 128));
        foreach (var path in new[] { Save("g.png", grey), Save("d.png", deep), Save("d.tif", deep), Save("a.png", alpha) })
        {
            using var read = ImageFile.Read(path);
            Assert.Equal(MatType.CV_8UC3, read.Type());
            Assert.Equal(77, read.Mean().Val0, 1.5);
        }
    }

    [Fact]
    public void Read_ExifTurned_Upright()
    {
        using var wide = Red(MatType.CV_8UC3, new Scalar(10, 20, 200));
        Cv2.ImEncode(".jpg", wide, out var jpeg);
        var path = Path.Combine(_folder.FullName, "turned.jpg");
        File.WriteAllBytes(path, WithOrientation(jpeg, 6));

        using var read = ImageFile.Read(path);

        Assert.Equal(new Size(48, 64), read.Size());
    }

    [Theory]
    [InlineData("cmyk-red.jpg", 0, 0, 255)]
    [InlineData("two-frames.webp", 10, 20, 200)]
    [InlineData("two-frames.gif", 10, 20, 200)]
    public void Read_CmykOrAnimated_FirstPictureInBgr(string fixture, int blue, int green, int red)
    {
        using var read = ImageFile.Read(Path.Combine(AppContext.BaseDirectory, "Fixtures", fixture));

        Assert.Equal(MatType.CV_8UC3, read.Type());
        var mean = read.Mean();
        Assert.Equal(blue, mean.Val0, 12.0);
        Assert.Equal(green, mean.Val1, 12.0);
        Assert.Equal(red, mean.Val2, 12.0);
    }

    [Fact]
    public void Read_FloatTiff_RefusedWithCure()
    {
        using var picture = Red(MatType.CV_32FC1, new Scalar(0.5));
        var e = Assert.Throws<SourceException>(() => ImageFile.Read(Save("f.tif", picture)));
        Assert.Contains("floating-point", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HugeSizeInHeader_RefusedBeforeDecoding()
    {
        using var small = Red(MatType.CV_8UC3, Scalar.Red);
        var path = Save("big.png", small);
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), 100_000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), 100_000);
        File.WriteAllBytes(path, bytes);

        var e = Assert.Throws<SourceException>(() => ImageFile.Read(path));

        Assert.Contains("100000 x 100000", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".webp")]
    [InlineData(".bmp")]
    [InlineData(".tif")]
    public void Parse_EveryKind_SizeOfTheHeader(string ending)
    {
        using var drawn = Red(MatType.CV_8UC3, Scalar.Red);

        var header = ImageHeader.Parse(File.ReadAllBytes(Save("s" + ending, drawn)));

        Assert.Equal((64L, 48L), (header.Width, header.Height));
    }

    [Fact]
    public void Read_DamagedBytes_PictureOrOneLine()
    {
        var originals = new List<byte[]>();
        using var drawn = new Mat(48, 64, MatType.CV_8UC3);
        Cv2.Randu(drawn, new Scalar(0, 0, 0), new Scalar(255, 255, 255));
        foreach (var ending in new[] { ".jpg", ".png", ".webp", ".bmp", ".tif" })
        {
            originals.Add(File.ReadAllBytes(Save("o" + ending, drawn)));
        }

        var path = Path.Combine(_folder.FullName, "damaged.jpg");
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 100], Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[0, 30]).Sample(
            (kind, cutPercent, hits) =>
            {
                var bytes = originals[kind][..Math.Max(1, originals[kind].Length * cutPercent / 100)];
                foreach (var (at, value) in hits)
                {
                    bytes[at % bytes.Length] = value;
                }

                File.WriteAllBytes(path, bytes);
                try
                {
                    using var read = ImageFile.Read(path);
                    Assert.Equal(MatType.CV_8UC3, read.Type());
                }
                catch (SourceException e)
                {
                    Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
                    Assert.DoesNotContain('\n', e.Message);
                }
            },
            iter: 300,
            threads: 1);
    }

    /// <summary>Found by the fuzz: a TIFF of four bytes.</summary>
    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".webp")]
    [InlineData(".bmp")]
    [InlineData(".tif")]
    [InlineData(".gif")]
    [InlineData(".ppm")]
    [InlineData(".jp2")]
    public void Parse_EveryBeginningOfAPicture_NeverThrows(string ending)
    {
        using var drawn = Red(MatType.CV_8UC3, Scalar.Red);
        Cv2.ImEncode(ending, drawn, out var bytes);

        for (var length = 0; length < Math.Min(bytes.Length, 2000); length++)
        {
            _ = ImageHeader.Parse(bytes.AsSpan(0, length));
        }
    }

    [Fact]
    public void KindOf_AnyBytes_NeverThrows()
    {
        byte[][] beginnings =
        [
            [], [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [.. "II"u8, 42, 0], [.. "MM"u8, 0, 42], [.. "RIFF    WEBPVP8X"u8],
            [.. "RIFF    WEBPVP8L"u8], [.. "RIFF    WEBPVP8 "u8], [.. "BM"u8], [.. "P5"u8], [.. "GIF89a"u8], [0xFF, 0x4F, 0xFF, 0x51], [0, 0, 0, 12, .. "jP  "u8],
        ];
        var bytes = Gen.OneOf(Gen.Byte, Gen.Int[0, 4].Select(i => new byte[] { 0, 1, 2, 0xFE, 0xFF }[i])).Array[0, 64];
        Gen.Select(Gen.Int[0, beginnings.Length - 1].Select(i => beginnings[i]), bytes).Sample((beginning, rest) => _ = ImageHeader.Parse([.. beginning, .. rest]), iter: 20_000);
    }

    [Theory]
    [InlineData(0xFE)]
    [InlineData(0xFF)]
    public void Parse_TiffWhoseDirectoryIsAtTheEndOfAllNumbers_KindOnly(byte last) =>
        Assert.Equal(new(ImageKind.Tiff), ImageHeader.Parse([.. "II"u8, 42, 0, last, 0xFF, 0xFF, 0xFF]));

    public void Dispose() => _folder.Delete(recursive: true);

    private static Mat Red(MatType type, Scalar colour) => new(48, 64, type, colour);

    private string Save(string name, Mat picture)
    {
        var path = Path.Combine(_folder.FullName, name);
        Assert.True(Cv2.ImWrite(path, picture));
        return path;
    }

    // An APP1 segment with one EXIF entry: tag 0x0112 (orientation), EXIF 2.3 section 4.6.4.
    private static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
