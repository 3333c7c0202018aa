using Anpr.Edge.Detect;
using Anpr.Edge.Read;
using Anpr.Models;
using Anpr.Models.Plates;

namespace Anpr.Edge.Passage;

/// <summary>The loaded models and the table of countries; shared by the lanes of one process. Dispose it after them.</summary>
public sealed class VisionModels : IDisposable
{
    private VisionModels(ModelFile detector, ModelFile reader, PlateSyntax syntax)
    {
        Detector = detector;
        Reader = reader;
        Syntax = syntax;
    }

    /// <summary>Finds plates.</summary>
    public ModelFile Detector { get; }

    /// <summary>Reads them.</summary>
    public ModelFile Reader { get; }

    /// <summary>Formats of registrations.</summary>
    public PlateSyntax Syntax { get; }

    /// <summary>Loads them from a folder, the shipped one when null. Throws <see cref="ModelException"/>, one line that names the file.</summary>
    public static VisionModels Load(string? folder = null, int threads = 1)
    {
        folder ??= ModelFile.ShippedFolder;
        var syntax = new PlateSyntax(CountryTable.Load(Path.Combine(folder, "countries.json")));
        var detector = PlateDetector.Load(folder, threads);
        try
        {
            return new(detector, PlateReader.Load(folder, threads), syntax);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Detector.Dispose();
        Reader.Dispose();
    }
}
