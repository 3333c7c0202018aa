namespace Anpr.Edge.Capture;

/// <summary>One picture of one camera with its capture time. Owns its pixels: dispose it once the last stage is done.</summary>
/// <param name="Camera">The camera's name in the lane's configuration.</param>
/// <param name="Index">Frame number since the source opened, from 0.</param>
/// <param name="Time">Capture time, UTC.</param>
/// <param name="Offset">Time since the source's first frame.</param>
/// <param name="TimeQuality">How far <paramref name="Time"/> can be trusted.</param>
/// <param name="Picture">Its pixels.</param>
public sealed record Frame(string Camera, long Index, DateTimeOffset Time, TimeSpan Offset, TimeQuality TimeQuality, Picture Picture) : IDisposable
{
    /// <summary>Gives the pixels back.</summary>
    public void Dispose() => Picture.Dispose();
}
