using System.Buffers;
using System.Security.Cryptography;

namespace Strata.Artifacts.Inspection;

/// <summary>Reads files of a layer once: hashes them where that is wanted, and keeps one at a time where somebody has to look into it.</summary>
internal sealed class ContentReader(InspectionOptions options) : IDisposable
{
    private const int BufferSize = 128 * 1024;
    private const int StartLength = 4;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private byte[] _held = []; // one for all files: a pool would keep one of each size
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
#pragma warning disable CA5350 // SPDX 2.3 asks for SHA-1 of each file; nothing is trusted for it
    private readonly IncrementalHash _sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350

    /// <summary>What was read of one file.</summary>
    /// <param name="Content">At its start, can be sought in; null when nobody wanted it.</param>
    /// <param name="IsTooLarge">Somebody wanted it and it was too large.</param>
    public sealed record Taken(Stream? Content, (string Sha1, string Sha256)? Hashes, bool IsTooLarge) : IDisposable
    {
        public void Dispose() => Content?.Dispose();
    }

    /// <summary>Reads a file; what nobody wants is left unread. Content is valid until the next one is read.</summary>
    /// <param name="wants">Asked with the file's first bytes.</param>
    /// <param name="canSpool">Who wants it can do with more than fits into memory.</param>
    public async ValueTask<Taken> ReadAsync(Stream source, long size, Func<ReadOnlySpan<byte>, bool> wants, bool canSpool, CancellationToken cancellation)
    {
        var read = await source.ReadAtLeastAsync(_buffer, (int)Math.Min(size, StartLength), throwOnEndOfStream: false, cancellation);
        var isWanted = size > 0 && wants(_buffer.AsSpan(0, read));
        var isLarge = isWanted && size > InspectionOptions.LargestInMemory;
        var isTooLarge = isLarge && (!canSpool || options.Spool is null || size > InspectionOptions.LargestSpooled);
        Stream? sink = isWanted && !isLarge ? Hold((int)size) : isLarge && !isTooLarge ? options.Spool!() : null;
        try
        {
            while (read > 0 && (options.Files || sink is not null))
            {
                if (options.Files)
                {
                    _sha1.AppendData(_buffer, 0, read);
                    _sha256.AppendData(_buffer, 0, read);
                }
                if (sink is not null) await sink.WriteAsync(_buffer.AsMemory(0, read), cancellation);
                read = await source.ReadAsync(_buffer, cancellation);
            }
            if (sink is not null) sink.Position = 0;
        }
        catch
        {
            sink?.Dispose();
            throw;
        }
        return new(sink, options.Files ? (Convert.ToHexStringLower(_sha1.GetHashAndReset()), Convert.ToHexStringLower(_sha256.GetHashAndReset())) : null, isTooLarge);
    }

    private MemoryStream Hold(int size)
    {
        if (_held.Length < size) _held = new byte[Math.Max(size, Math.Min(2 * _held.Length, InspectionOptions.LargestInMemory))];
        return new(_held, 0, size, writable: true, publiclyVisible: true);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _sha1.Dispose();
        _sha256.Dispose();
    }
}
