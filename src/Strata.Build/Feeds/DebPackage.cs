using System.Globalization;
using System.Text;

namespace Strata.Build.Feeds;

/// <summary>Reads what a Debian package file says of its own making.</summary>
internal static class DebPackage
{
    private const int HeaderLength = 60;

    /// <summary>Newest time in the headers of the ar archive, Unix seconds.</summary>
    /// <exception cref="InvalidDataException">The file is no Debian package.</exception>
    /// <remarks>Source: deb(5), ar(5): an 8-byte mark, then headers of 60 bytes with the time at 16, the size at 48; members begin at even offsets.</remarks>
    public static long Time(Stream file)
    {
        Span<byte> mark = stackalloc byte[8];
        if (file.ReadAtLeast(mark, 8, throwOnEndOfStream: false) < 8 || !mark.SequenceEqual("!<arch>\n"u8))
            throw new InvalidDataException("This is not a Debian package: it does not begin as an ar archive does.");
        var newest = 0L;
        Span<byte> header = stackalloc byte[HeaderLength];
        while (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            newest = Math.Max(newest, Number(header[16..28]));
            var size = Number(header[48..58]);
            file.Seek(size + (size & 1), SeekOrigin.Current);
        }
        return newest;
    }

    private static long Number(ReadOnlySpan<byte> field) =>
        long.TryParse(Encoding.ASCII.GetString(field).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException("This is not a Debian package: a header of the ar archive has no number where one belongs.");
}
