using Anpr.Hub.Web.Parts;

namespace Anpr.Hub.Tests.Web;

public sealed class JpegSizeTests
{
    // SOI, an APP0 of 4 bytes, a baseline start of frame of 3 x 513 pixels.
    private static readonly byte[] Header = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0x02, 0x01, 0, 3, 1, 1, 0x11, 0];

    [Fact]
    public void Read_BaselineHeader_GivesWidthAndHeight() => Assert.Equal((3, 513), JpegSize.Read(Header));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(12)]
    public void Read_CutShort_IsNone(int length) => Assert.Null(JpegSize.Read(Header.AsSpan(0, length)));

    [Fact]
    public void Read_NoJpeg_IsNone() => Assert.Null(JpegSize.Read("this is a text and no picture at all"u8));
}
