namespace Anpr.Edge.Read;

/// <summary>How plates are read.</summary>
public sealed record ReadOptions
{
    /// <summary>Threads of one inference, 1 or more.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Texts that the search keeps at each step, 1 or more.</summary>
    public int BeamWidth { get; init; } = 8;

    /// <summary>Below this confidence the second reader is asked, 0..1; 0 never asks.</summary>
    public float SecondReaderBelow { get; init; } = 0.9f;

    /// <summary>Folder of Tesseract's language data.</summary>
    public string TessdataFolder { get; init; } = "/usr/share/tesseract-ocr/5/tessdata";

    /// <summary>Other texts and other characters below this probability are not listed, 0..1.</summary>
    public float MinAlternative { get; init; } = 0.001f;
}
