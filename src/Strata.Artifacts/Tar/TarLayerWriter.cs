using System.Buffers;
using System.Globalization;
using System.Text;
using Strata.Artifacts.Hashing;

namespace Strata.Artifacts.Tar;

/// <summary>Writes a tar whose bytes follow from its entries alone: ustar, with PAX headers only where ustar cannot say it.</summary>
/// <remarks>
/// No clock, process id, user or group name gets in. The caller gives the order. Names are written as the bytes they are.
/// <code>
/// await using var tar = new TarLayerWriter(output);
/// await tar.WriteAsync(new TarEntry { Name = "etc/motd", Kind = TarEntryKind.File, Mode = 0x1A4, Size = 3 }, content, cancellation);
/// await tar.FinishAsync(cancellation);
/// </code>
/// Source: POSIX.1-2017, pax; star's SCHILY.xattr records, as GNU tar, libarchive and Go read them.
/// </remarks>
/// <param name="output">Written to; not closed.</param>
public sealed class TarLayerWriter(Stream output) : IAsyncDisposable
{
    private const int CopyBuffer = 128 * 1024;
    private const string PaxFolder = "PaxHeaders/";
    private static readonly byte[] Zeros = new byte[2 * TarHeader.BlockSize];
    private readonly byte[] _copy = ArrayPool<byte>.Shared.Rent(CopyBuffer);
    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private bool _disposed;

    /// <summary>Entries written.</summary>
    public int Entries { get; private set; }

    /// <summary>Bytes of content written, without headers and padding.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>Writes one entry and its content.</summary>
    /// <param name="content">Exactly <see cref="TarEntry.Size"/> bytes; null when that is 0. Not closed.</param>
    /// <exception cref="ContentMismatchException">The content is longer or shorter than the entry says.</exception>
    /// <exception cref="ArgumentException">The entry cannot be written: a number below zero, an attribute name with <c>=</c>.</exception>
    public async ValueTask WriteAsync(TarEntry entry, Stream? content, CancellationToken cancellation)
    {
        if (entry.Size < 0 || (entry.Size > 0 && (content is null || entry.Kind != TarEntryKind.File)))
            throw new ArgumentException($"{entry} is said to have {entry.Size} bytes of content.", nameof(entry));

        await WriteHeadersAsync(entry, cancellation);
        if (content is not null) await CopyAsync(entry, content, cancellation);
        Entries++;
    }

    /// <summary>Writes all that a tar holds for one entry, except its content.</summary>
    /// <exception cref="ArgumentException">As <see cref="WriteAsync"/>.</exception>
    internal async ValueTask WriteFramingAsync(TarEntry entry, CancellationToken cancellation)
    {
        await WriteHeadersAsync(entry, cancellation);
        await output.WriteAsync(Zeros.AsMemory(0, TarHeader.Padding(entry.Size)), cancellation);
        Entries++;
    }

    /// <summary>Writes the end of the tar; nothing may follow.</summary>
    public ValueTask FinishAsync(CancellationToken cancellation) => output.WriteAsync(Zeros, cancellation);

    /// <summary>Gives back the buffer. The output stays open.</summary>
    public ValueTask DisposeAsync()
    {
        if (!_disposed) ArrayPool<byte>.Shared.Return(_copy);
        _disposed = true;
        return ValueTask.CompletedTask;
    }

    private async ValueTask WriteHeadersAsync(TarEntry entry, CancellationToken cancellation)
    {
        var extended = Extended(entry, out var name, out var prefix);
        if (extended.Length > 0) await WriteExtendedAsync(entry, extended, cancellation);
        Fill(entry, name.Span, prefix.Span);
        await output.WriteAsync(_block, cancellation);
    }

    private async ValueTask CopyAsync(TarEntry entry, Stream content, CancellationToken cancellation)
    {
        long copied = 0;
        while (await content.ReadAsync(_copy.AsMemory(0, CopyBuffer), cancellation) is > 0 and var read)
        {
            copied += read;
            if (copied > entry.Size) break;
            await output.WriteAsync(_copy.AsMemory(0, read), cancellation);
        }
        if (copied != entry.Size)
            throw new ContentMismatchException($"{entry} had {entry.Size} bytes when it was listed and other when it was read: it changed meanwhile.");
        ContentBytes += copied;
        await output.WriteAsync(Zeros.AsMemory(0, TarHeader.Padding(copied)), cancellation);
    }

    private async ValueTask WriteExtendedAsync(TarEntry entry, MemoryStream records, CancellationToken cancellation)
    {
        var name = ByteText.ToBytes(PaxFolder + (entry.Name.Length == 0 ? "." : entry.BaseName));
        Array.Clear(_block);
        name.AsSpan(0, Math.Min(name.Length, TarHeader.NameLength)).CopyTo(_block);
        FillNumbers(mode: 0x1A4, 0, 0, records.Length, 0);
        _block[TarHeader.TypeFlag] = (byte)'x';
        FillRest(0, 0);
        await output.WriteAsync(_block, cancellation);
        await output.WriteAsync(records.GetBuffer().AsMemory(0, (int)records.Length), cancellation);
        await output.WriteAsync(Zeros.AsMemory(0, TarHeader.Padding(records.Length)), cancellation);
    }

    private static MemoryStream Extended(TarEntry entry, out ReadOnlyMemory<byte> name, out ReadOnlyMemory<byte> prefix)
    {
        var records = new MemoryStream();
        var path = ByteText.ToBytes(entry.Kind == TarEntryKind.Directory ? (entry.Name.Length == 0 ? "./" : entry.Name + "/") : entry.Name);
        if (path.Length == 0 || path.AsSpan().Contains((byte)0)) throw new ArgumentException($"{entry} has no name that a tar can carry.", nameof(entry));
        if (!TrySplit(path, out prefix, out name))
        {
            TarHeader.AppendPaxRecord(records, "path", path);
            name = path.AsMemory(0, TarHeader.NameLength);
        }
        var link = ByteText.ToBytes(entry.LinkTarget);
        if (link.Length > TarHeader.NameLength) TarHeader.AppendPaxRecord(records, "linkpath", link);
        if (entry.Size > TarHeader.MaxOctal11) AppendNumber(records, "size", entry.Size);
        if (entry.Uid > TarHeader.MaxOctal7) AppendNumber(records, "uid", entry.Uid);
        if (entry.Gid > TarHeader.MaxOctal7) AppendNumber(records, "gid", entry.Gid);
        if (entry.ModifiedAt is < 0 or > TarHeader.MaxOctal11) AppendNumber(records, "mtime", entry.ModifiedAt);
        foreach (var attribute in entry.Attributes)
        {
            if (attribute.Name.Contains('=', StringComparison.Ordinal))
                throw new ArgumentException($"{entry} has the attribute '{attribute.Name}', whose name no tar can carry.", nameof(entry));
            TarHeader.AppendPaxRecord(records, TarHeaderParser.AttributeKey + attribute.Name, attribute.Bytes());
        }
        return records;
    }

    private static void AppendNumber(MemoryStream records, string key, long value) =>
        TarHeader.AppendPaxRecord(records, key, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    private static bool TrySplit(ReadOnlyMemory<byte> path, out ReadOnlyMemory<byte> prefix, out ReadOnlyMemory<byte> name)
    {
        (prefix, name) = (default, path);
        if (path.Length <= TarHeader.NameLength) return true;
        var slash = path.Span[..Math.Min(path.Length - 1, TarHeader.PrefixLength + 1)].LastIndexOf((byte)'/');
        if (slash <= 0 || path.Length - slash - 1 > TarHeader.NameLength) return false;
        (prefix, name) = (path[..slash], path[(slash + 1)..]);
        return true;
    }

    private void Fill(TarEntry entry, ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix)
    {
        Array.Clear(_block);
        name.CopyTo(_block);
        prefix.CopyTo(_block.AsSpan(TarHeader.Prefix));
        FillNumbers(
            entry.Mode & 0xFFF, Fitting(entry.Uid, TarHeader.MaxOctal7), Fitting(entry.Gid, TarHeader.MaxOctal7),
            Fitting(entry.Size, TarHeader.MaxOctal11), Fitting(entry.ModifiedAt, TarHeader.MaxOctal11));
        _block[TarHeader.TypeFlag] = TarHeaderParser.FlagOf(entry.Kind);
        var link = ByteText.ToBytes(entry.LinkTarget).AsSpan();
        link[..Math.Min(link.Length, TarHeader.NameLength)].CopyTo(_block.AsSpan(TarHeader.LinkName));
        FillRest(entry.DeviceMajor, entry.DeviceMinor);
    }

    private void FillNumbers(int mode, long uid, long gid, long size, long modifiedAt)
    {
        TarHeader.PutOctal(_block.AsSpan(TarHeader.Mode), mode);
        TarHeader.PutOctal(_block.AsSpan(TarHeader.Uid), uid);
        TarHeader.PutOctal(_block.AsSpan(TarHeader.Gid), gid);
        TarHeader.PutOctal(_block.AsSpan(TarHeader.Size), size);
        TarHeader.PutOctal(_block.AsSpan(TarHeader.ModifiedAt), modifiedAt);
    }

    private void FillRest(uint major, uint minor)
    {
        TarHeader.UstarMagic.CopyTo(_block.AsSpan(TarHeader.Magic));
        "00"u8.CopyTo(_block.AsSpan(TarHeader.Magic)[6..]);
        TarHeader.PutOctal(_block.AsSpan(TarHeader.DeviceMajor), major);
        TarHeader.PutOctal(_block.AsSpan(TarHeader.DeviceMinor), minor);
        TarHeader.Seal(_block);
    }

    /// <summary>What the ustar field says when a PAX record holds the true value: zero, which old readers take as unknown.</summary>
    private static long Fitting(long value, long most) => value < 0 || value > most ? 0 : value;
}
