using System.Text;

namespace Anpr.Hub.Audit;

/// <summary>A whole line of the log and where it stands.</summary>
/// <param name="Offset">Of its first byte.</param>
/// <param name="Bytes">Its length in bytes, without its end.</param>
/// <param name="Text">Its text.</param>
internal readonly record struct AuditLine(long Offset, int Bytes, string Text);

/// <summary>Reads the file of an audit log beside the hub that writes it.</summary>
internal static class AuditFile
{
    private const int Block = 1 << 16;

    /// <summary>A reader's own view of the file.</summary>
    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    /// <summary>Every whole line from the beginning; what has no end yet is left out.</summary>
    public static IEnumerable<AuditLine> Lines(FileStream file)
    {
        var (block, rest, at) = (new byte[Block], new MemoryStream(), 0L);
        file.Position = 0;
        while (file.Read(block) is > 0 and var count)
        {
            for (var begin = 0; begin < count;)
            {
                var end = Array.IndexOf(block, (byte)'\n', begin, count - begin);
                if (end < 0)
                {
                    rest.Write(block, begin, count - begin);
                    break;
                }

                rest.Write(block, begin, end - begin);
                yield return new AuditLine(at, (int)rest.Length, Encoding.UTF8.GetString(rest.GetBuffer(), 0, (int)rest.Length));
                at += rest.Length + 1;
                rest.SetLength(0);
                begin = end + 1;
            }
        }
    }

    /// <summary>Every whole line from the end.</summary>
    public static IEnumerable<string> Backwards(FileStream file)
    {
        var rest = Array.Empty<byte>();
        var torn = true; // what stands behind the last line's end
        for (var from = file.Length; from > 0;)
        {
            var block = new byte[(int)Math.Min(Block, from) + rest.Length];
            from -= block.Length - rest.Length;
            file.Position = from;
            file.ReadExactly(block, 0, block.Length - rest.Length);
            rest.CopyTo(block, block.Length - rest.Length);
            var end = block.Length;
            for (var start = LastEnd(block, end); start >= 0; start = LastEnd(block, end))
            {
                if (!torn)
                {
                    yield return Encoding.UTF8.GetString(block, start + 1, end - start - 1);
                }

                torn = false;
                end = start;
            }

            rest = block[..end];
        }

        if (!torn)
        {
            yield return Encoding.UTF8.GetString(rest);
        }
    }

    private static int LastEnd(byte[] block, int end) => block.AsSpan(0, end).LastIndexOf((byte)'\n');
}
