using System.Buffers;
using Strata.Artifacts.Hashing;

namespace Strata.Artifacts.Tar;

/// <summary>Reads a tar from anywhere, entry by entry, in bounded memory; hostile input ends in a refusal that names the entry.</summary>
/// <remarks>
/// Reads ustar, PAX, GNU long names and old tars. Names come back relative and without <c>.</c> parts; absolute ones lose their slash,
/// and one with <c>..</c> is refused. When <see cref="NextAsync"/> has returned null the source was read to its very end, so a verifying source has judged.
/// <code>
/// while (await reader.NextAsync(cancellation) is { } entry)
///     if (entry.Name == "etc/os-release") await reader.Content.CopyToAsync(output, cancellation);
/// </code>
/// </remarks>
/// <param name="source">The uncompressed tar; not closed.</param>
/// <exception cref="ArchiveRefusedException">Thrown while reading: not a tar that a layer may be.</exception>
public sealed class TarLayerReader(Stream source, ArchiveLimits? limits = null) : IDisposable
{
    private const int BufferSize = 128 * 1024;
    private readonly ArchiveLimits _limits = limits ?? ArchiveLimits.Default;
    private readonly TarHeaderParser _parser = new(limits ?? ArchiveLimits.Default);
    private readonly Dictionary<string, byte[]> _global = new(StringComparer.Ordinal);
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start, _end;
    private long _total, _contentLeft;
    private int _padding;
    private TarContent? _content;

    /// <summary>Told of every byte that is no file's content: headers, what fills up blocks, and the end. Null for nobody.</summary>
    internal Action<ReadOnlySpan<byte>>? Framing { get; init; }

    /// <summary>Entries read so far.</summary>
    public int Entries { get; private set; }

    /// <summary>Content of the entry last read; valid until the next one is asked for. What is left unread is skipped.</summary>
    public Stream Content => _content ??= new(this);

    /// <summary>The next entry, or null at the end.</summary>
    public async ValueTask<TarEntry?> NextAsync(CancellationToken cancellation)
    {
        await SkipAsync(_contentLeft, isFraming: false, cancellation);
        await SkipAsync(_padding, isFraming: true, cancellation);
        (_contentLeft, _padding) = (0, 0);
        var records = new Dictionary<string, byte[]>(_global, StringComparer.Ordinal);
        for (var extended = 0; ;)
        {
            if (!await FillAsync(TarHeader.BlockSize, cancellation))
            {
                return extended == 0 && _end == _start ? null : throw TarHeaderParser.Refuse(ArchiveFault.Damaged, "", "breaks off inside a header");
            }
            var block = Take(TarHeader.BlockSize);
            Framing?.Invoke(block.Span);
            if (!block.Span.ContainsAnyExcept((byte)0)) return await EndAsync(cancellation);
            if (!TarHeader.IsSealed(block.Span)) throw TarHeaderParser.Refuse(ArchiveFault.Damaged, "", "is no tar: a header's checksum does not hold");
            if (extended > _limits.MaxExtendedHeaderBytes) throw TarHeaderParser.Refuse(ArchiveFault.TooLarge, "", $"has more than {_limits.MaxExtendedHeaderBytes} bytes of extended headers for one entry");
            var flag = (char)block.Span[TarHeader.TypeFlag];
            if (flag is not ('x' or 'g' or 'L' or 'K')) return Begin(block.Span, records);
            var size = _parser.ExtensionSize(block.Span);
            await ReadExtensionAsync(flag, size, records, cancellation);
            extended += TarHeader.BlockSize + size;
        }
    }

    /// <summary>Gives back the buffer. The source stays open.</summary>
    public void Dispose()
    {
        if (_buffer is { } buffer) ArrayPool<byte>.Shared.Return(buffer);
        _buffer = null;
    }

    private TarEntry Begin(ReadOnlySpan<byte> block, Dictionary<string, byte[]> records)
    {
        var entry = _parser.Parse(block, records);
        if (++Entries > _limits.MaxEntries) throw TarHeaderParser.Refuse(ArchiveFault.TooLarge, "", $"has more than {_limits.MaxEntries} entries");
        if (entry.Size > _limits.MaxTarBytes) throw TooLong();
        (_contentLeft, _padding) = (entry.Size, TarHeader.Padding(entry.Size));
        return entry;
    }

    private async ValueTask ReadExtensionAsync(char flag, int size, Dictionary<string, byte[]> records, CancellationToken cancellation)
    {
        var data = new byte[size];
        for (var at = 0; at < size;)
        {
            if (!await FillAsync(1, cancellation)) throw TarHeaderParser.Refuse(ArchiveFault.Damaged, "", "breaks off inside a header");
            var part = Take(Math.Min(size - at, _end - _start));
            Framing?.Invoke(part.Span);
            part.Span.CopyTo(data.AsSpan(at));
            at += part.Length;
        }
        await SkipAsync(TarHeader.Padding(size), isFraming: true, cancellation);
        switch (flag)
        {
            case 'x': TarHeaderParser.ReadRecords(data, records); break;
            case 'L': records["path"] = TarHeader.Text(data).ToArray(); break;
            case 'K': records["linkpath"] = TarHeader.Text(data).ToArray(); break;
            default:
                TarHeaderParser.ReadRecords(data, _global);
                TarHeaderParser.ReadRecords(data, records);
                TarHeaderParser.CheckRecords(_global, _limits.MaxExtendedHeaderBytes);
                break;
        }
        TarHeaderParser.CheckRecords(records, 2 * _limits.MaxExtendedHeaderBytes);
    }

    /// <summary>Reads what follows the end mark, so that a verifying source reaches its own end.</summary>
    private async ValueTask<TarEntry?> EndAsync(CancellationToken cancellation)
    {
        do
        {
            Framing?.Invoke(_buffer.AsSpan(_start, _end - _start));
            _start = _end;
        }
        while (await FillAsync(1, cancellation));
        return null;
    }

    private async ValueTask SkipAsync(long count, bool isFraming, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (!await FillAsync(1, cancellation)) throw TarHeaderParser.Refuse(ArchiveFault.Damaged, "", "breaks off inside a file");
            var part = Take((int)Math.Min(count, _end - _start));
            if (isFraming) Framing?.Invoke(part.Span);
            count -= part.Length;
        }
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        var taken = _buffer.AsMemory(_start, count);
        _start += count;
        return taken;
    }

    /// <summary>Whether at least <paramref name="need"/> bytes are buffered, after reading more if it must.</summary>
    private async ValueTask<bool> FillAsync(int need, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        if (_end - _start >= need) return true;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        while (_end < need)
        {
            var read = Count(await source.ReadAsync(_buffer.AsMemory(_end), cancellation));
            if (read == 0) return false;
            _end += read;
        }
        return true;
    }

    private int Count(int read)
    {
        _total += read;
        return _total <= _limits.MaxTarBytes ? read : throw TooLong();
    }

    private ArchiveRefusedException TooLong() =>
        TarHeaderParser.Refuse(ArchiveFault.TooLarge, "", $"is longer than the {_limits.MaxTarBytes} bytes allowed");

    private int TakeBuffered(Span<byte> destination)
    {
        var count = (int)Math.Min(Math.Min(destination.Length, _contentLeft), _end - _start);
        Take(count).Span.CopyTo(destination);
        _contentLeft -= count;
        return count;
    }

    private int TakeDirect(int read, int asked)
    {
        if (read == 0 && asked > 0) throw TarHeaderParser.Refuse(ArchiveFault.Damaged, "", "breaks off inside a file");
        _contentLeft -= Count(read);
        return read;
    }

    private sealed class TarContent(TarLayerReader reader) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            if (reader._end > reader._start || reader._contentLeft == 0) return reader.TakeBuffered(buffer);
            var most = buffer[..(int)Math.Min(buffer.Length, reader._contentLeft)];
            return reader.TakeDirect(reader.Source.Read(most), most.Length);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (reader._end > reader._start || reader._contentLeft == 0) return reader.TakeBuffered(buffer.Span);
            var most = buffer[..(int)Math.Min(buffer.Length, reader._contentLeft)];
            return reader.TakeDirect(await reader.Source.ReadAsync(most, cancellationToken), most.Length);
        }
    }

    private Stream Source => source;
}
