using System.Text;

namespace Strata.Artifacts.Tar;

/// <summary>File names and link targets as strings that lose no byte: UTF-8 where it is valid, and each other byte as one of U+DC80 to U+DCFF.</summary>
/// <remarks>
/// Linux names are bytes. A decoder that puts U+FFFD for a bad byte would make two names one and a file unreachable.
/// The scheme is Python's <c>surrogateescape</c> (PEP 383): every byte string has exactly one text, and back.
/// </remarks>
public static class ByteText
{
    private const int EscapeBase = 0xDC00;

    /// <summary>The text of <paramref name="bytes"/>.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes)) return Encoding.ASCII.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                used = 1;
                text.Append((char)(EscapeBase + bytes[0]));
            }
            bytes = bytes[used..];
        }
        return text.ToString();
    }

    /// <summary>The bytes of <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">It holds a lone surrogate that stands for no byte.</exception>
    public static byte[] ToBytes(string text)
    {
        if (Ascii.IsValid(text)) return Encoding.ASCII.GetBytes(text);
        var bytes = new MemoryStream(text.Length * 2);
        Span<byte> utf8 = stackalloc byte[4];
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                bytes.Write(utf8[..rune.EncodeToUtf8(utf8)]);
            }
            else
            {
                used = 1;
                if (rest[0] is < '\uDC80' or > '\uDCFF') throw new ArgumentException($"'{text}' holds a surrogate that stands for no byte.", nameof(text));
                bytes.WriteByte((byte)(rest[0] - EscapeBase));
            }
            rest = rest[used..];
        }
        return bytes.ToArray();
    }
}
