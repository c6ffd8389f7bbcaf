using System.Security.Cryptography;
using Strata.Model.Identity;

namespace Strata.Artifacts.Hashing;

/// <summary>Which hashes a <see cref="HashingStream"/> computes beside SHA-256, which it always does.</summary>
[Flags]
public enum ExtraHashes
{
    /// <summary>SHA-256 alone.</summary>
    None = 0,

    /// <summary>SHA3-256: what protocol v7 sends of each blob.</summary>
    Sha3With256 = 1,

    /// <summary>SHA3-512: what a bundle's signature states of the inner archive.</summary>
    Sha3With512 = 2,
}

/// <summary>What passed through a <see cref="HashingStream"/>.</summary>
/// <param name="Sha256">The digest of all bytes.</param>
/// <param name="Size">Their number.</param>
/// <param name="Sha3With256">32 bytes; null unless asked for.</param>
/// <param name="Sha3With512">64 bytes; null unless asked for.</param>
public sealed record ContentHashes(Digest Sha256, long Size, byte[]? Sha3With256, byte[]? Sha3With512)
{
    /// <summary>The same hash, as the name of a layer's content; meaningful when a tar passed.</summary>
    public DiffId AsDiffId() => DiffId.Parse(Sha256.ToString());
}

/// <summary>Passes bytes on, in whichever direction it is used, and hashes them on the way.</summary>
/// <param name="inner">Read from or written to; closed with this stream unless <paramref name="leaveOpen"/>.</param>
public sealed class HashingStream(Stream inner, ExtraHashes extra = ExtraHashes.None, bool leaveOpen = false) : Stream
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _sha3With256 = Create(extra, ExtraHashes.Sha3With256, HashAlgorithmName.SHA3_256);
    private readonly IncrementalHash? _sha3With512 = Create(extra, ExtraHashes.Sha3With512, HashAlgorithmName.SHA3_512);

    /// <summary>Bytes passed so far.</summary>
    public long Passed { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => inner.CanWrite;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The hashes of what has passed so far.</summary>
    public ContentHashes Current() => new(
        Digest.FromHash(_sha256.GetCurrentHash()), Passed, _sha3With256?.GetCurrentHash(), _sha3With512?.GetCurrentHash());

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Append(buffer[..read]);
        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Append(buffer.Span[..read]);
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Append(buffer);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        Append(buffer.Span);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sha256.Dispose();
            _sha3With256?.Dispose();
            _sha3With512?.Dispose();
            if (!leaveOpen) inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Append(ReadOnlySpan<byte> chunk)
    {
        Passed += chunk.Length;
        _sha256.AppendData(chunk);
        _sha3With256?.AppendData(chunk);
        _sha3With512?.AppendData(chunk);
    }

    private static IncrementalHash? Create(ExtraHashes asked, ExtraHashes which, HashAlgorithmName name) =>
        asked.HasFlag(which) ? IncrementalHash.CreateHash(name) : null;
}
