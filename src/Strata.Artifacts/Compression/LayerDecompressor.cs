using System.IO.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Compression;

/// <summary>Finds the tar in a layer file: gzip or plain, told by its first bytes; a bomb is stopped by ratio and length.</summary>
public static class LayerDecompressor
{
    private const int MagicLength = 4;
    private const int ReadBuffer = 128 * 1024; // the decompressor itself asks for 8 KiB, each time from the file

    /// <summary>The tar inside <paramref name="file"/>.</summary>
    /// <param name="file">The layer file at its start; closed with the result unless <paramref name="leaveOpen"/>.</param>
    /// <exception cref="ArchiveRefusedException">It is compressed in a way that is not read; or, thrown while reading, it is a bomb or damaged.</exception>
    public static async ValueTask<Stream> OpenAsync(Stream file, ArchiveLimits? limits, CancellationToken cancellation, bool leaveOpen = false)
    {
        file = new BufferedStream(file, ReadBuffer);
        var start = new byte[MagicLength];
        var length = await file.ReadAtLeastAsync(start, MagicLength, throwOnEndOfStream: false, cancellation);
        var whole = new PrefixedStream(start.AsMemory(0, length), file, leaveOpen);
        return start switch
        {
            [0x1F, 0x8B, ..] => new GunzipStream(whole, limits ?? ArchiveLimits.Default),
            [0x28, 0xB5, 0x2F, 0xFD] => throw new ArchiveRefusedException(ArchiveFault.Unsupported, "", "The layer is compressed with zstd, which is not read; pack it with gzip."),
            [0xFD, 0x37, ..] or [(byte)'B', (byte)'Z', (byte)'h', _] => throw new ArchiveRefusedException(ArchiveFault.Unsupported, "", "The layer is compressed with xz or bzip2, which OCI layers are not; pack it with gzip."),
            _ => whole,
        };
    }

    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest, bool leaveOpen) : ReadOnlyStream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public long Seen { get; private set; }

        public override int Read(Span<byte> buffer) => Count(_prefix.IsEmpty ? rest.Read(buffer) : TakePrefix(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(_prefix.IsEmpty ? await rest.ReadAsync(buffer, cancellationToken) : TakePrefix(buffer.Span));

        private int Count(int read)
        {
            Seen += read;
            return read;
        }

        private int TakePrefix(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _prefix.Length);
            _prefix.Span[..count].CopyTo(buffer);
            _prefix = _prefix[count..];
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !leaveOpen) rest.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class GunzipStream(PrefixedStream compressed, ArchiveLimits limits) : ReadOnlyStream
    {
        private readonly GZipStream _gzip = new(compressed, CompressionMode.Decompress);
        private long _out;

        public override int Read(Span<byte> buffer)
        {
            try
            {
                var read = _gzip.Read(buffer);
                if (read == 0 && buffer.Length > 0) ReachEnd();
                return Judge(read);
            }
            catch (InvalidDataException broken)
            {
                throw Damaged(broken);
            }
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                var read = await _gzip.ReadAsync(buffer, cancellationToken);
                if (read == 0 && buffer.Length > 0) await ReachEndAsync(cancellationToken);
                return Judge(read);
            }
            catch (InvalidDataException broken)
            {
                throw Damaged(broken);
            }
        }

        private int Judge(int read)
        {
            _out += read;
            if (_out > limits.MaxTarBytes) throw new ArchiveRefusedException(ArchiveFault.TooLarge, "", $"The layer unpacks to more than the {limits.MaxTarBytes} bytes allowed.");
            return _out > limits.RatioFreeBytes && _out / limits.MaxRatio > compressed.Seen
                ? throw new ArchiveRefusedException(ArchiveFault.TooLarge, "", $"The layer unpacks to more than {limits.MaxRatio} times its size, as only a bomb does.")
                : read;
        }

        // The decompressor may stop before the file does; a verifying file speaks only at its end.
        private void ReachEnd()
        {
            Span<byte> trailing = stackalloc byte[512];
            while (compressed.Read(trailing) > 0)
            {
            }
        }

        private async ValueTask ReachEndAsync(CancellationToken cancellation)
        {
            var trailing = new byte[512];
            while (await compressed.ReadAsync(trailing, cancellation) > 0)
            {
            }
        }

        private static ArchiveRefusedException Damaged(InvalidDataException broken) =>
            new(ArchiveFault.Damaged, "", $"The layer is not sound gzip: {broken.Message}");

        protected override void Dispose(bool disposing)
        {
            if (disposing) _gzip.Dispose();
            base.Dispose(disposing);
        }
    }
}
