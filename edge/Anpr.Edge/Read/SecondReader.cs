using System.Runtime.InteropServices;
using Anpr.Edge.Detect;
using Anpr.Models.Plates;
using OpenCvSharp;
using OpenCvSharp.Text;

namespace Anpr.Edge.Read;

/// <summary>
/// Tesseract as an independent reader, asked only when the first one is unsure (docs/adr/0001-tesseract.md). Its answer is an opinion:
/// it never becomes a text. One thread at a time.
/// </summary>
public sealed class SecondReader : IDisposable
{
    // Tesseract was trained on text of about 30 pixels height; plates are stretched to a height of one or two such lines and a border.
    private const int LineHeightPx = 48;
    private const int WidthPx = 260;
    private const int BorderPx = 10;

    // Page segmentation modes of Tesseract 5: 6 = one block of lines, 7 = one line. Engine mode 1 = LSTM only (the legacy engine's data is not packaged).
    private const int Block = 6;
    private const int OneLine = 7;
    private const int Lstm = 1;

    private readonly OCRTesseract _oneLine;
    private readonly OCRTesseract _block;

    private SecondReader(string folder)
    {
        _oneLine = OCRTesseract.Create(folder, "eng", PlateText.Alphabet, Lstm, OneLine);
        _block = OCRTesseract.Create(folder, "eng", PlateText.Alphabet, Lstm, Block);
    }

    /// <summary>The reader, or null with one line that says why and the cure.</summary>
    public static SecondReader? TryCreate(ReadOptions options, out string problem)
    {
        ArgumentNullException.ThrowIfNull(options);
        problem = "";
        if (options.SecondReaderBelow <= 0)
        {
            return null;
        }

        if (!File.Exists(Path.Combine(options.TessdataFolder, "eng.traineddata")))
        {
            problem = $"{options.TessdataFolder}: Tesseract's language data is missing, so unsure plates get no second opinion. Install it: apt-get install tesseract-ocr";
            return null;
        }

        return new(options.TessdataFolder);
    }

    /// <summary>
    /// What it reads in the plate of a BGR picture, folded; empty when nothing. It reads when it is asked for the value, out of a copy of
    /// the plate's pixels: it takes several times as long as the first reader, and most frames are soon replaced by a better one.
    /// </summary>
    public Lazy<string> Read(Mat image, Quad quad, int lines)
    {
        using var crop = new Mat(lines * LineHeightPx, WidthPx, MatType.CV_8UC3);
        Rectifier.Cut(image, quad, 0, 0, crop);
        var pixels = new byte[crop.Total() * crop.ElemSize()];
        Marshal.Copy(crop.Data, pixels, 0, pixels.Length);
        return new(
            () =>
            {
                using var kept = Mat.FromPixelData(lines * LineHeightPx, WidthPx, MatType.CV_8UC3, pixels);
                return ReadFlat(kept, lines);
            },
            isThreadSafe: false);
    }

    /// <summary>What it reads in a picture that is one plate already.</summary>
    public string ReadCrop(Mat plate, int lines)
    {
        using var crop = new Mat();
        Cv2.Resize(plate, crop, new Size(WidthPx, lines * LineHeightPx), 0, 0, InterpolationFlags.Area);
        return ReadFlat(crop, lines);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _oneLine.Dispose();
        _block.Dispose();
    }

    private string ReadFlat(Mat crop, int lines)
    {
        using var grey = new Mat();
        using var bordered = new Mat();
        Cv2.CvtColor(crop, grey, ColorConversionCodes.BGR2GRAY);
        Cv2.Normalize(grey, grey, 0, 255, NormTypes.MinMax);
        Cv2.CopyMakeBorder(grey, bordered, BorderPx, BorderPx, BorderPx, BorderPx, BorderTypes.Replicate);
        (lines == 2 ? _block : _oneLine).Run(bordered, out var text, out _, out _, out _, ComponentLevels.TextLine);
        return PlateText.Fold(text ?? "");
    }
}
