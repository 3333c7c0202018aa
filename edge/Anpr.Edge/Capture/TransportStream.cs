namespace Anpr.Edge.Capture;

/// <summary>What the bytes of an MPEG transport stream tell of its end: it names neither its frames nor its length.</summary>
internal static class TransportStream
{
    private const byte Sync = 0x47;

    /// <summary>Plain; with a time in front of each packet (m2ts); with check bytes behind (DVB).</summary>
    private static readonly (int Packet, int Sync)[] Forms = [(188, 0), (192, 4), (204, 0)];

    /// <summary>Whether a transport stream's last packet is not whole; null for any other file, and one that has gone.</summary>
    public static bool? IsCut(string path)
    {
        try
        {
            return IsCutFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool? IsCutFile(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[3 * 204];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        foreach (var (packet, sync) in Forms)
        {
            if (length >= 3 * packet && head[sync] == Sync && head[sync + packet] == Sync && head[sync + (2 * packet)] == Sync)
            {
                return file.Length % packet != 0;
            }
        }

        return null;
    }
}
