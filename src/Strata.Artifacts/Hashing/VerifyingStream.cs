using System.Security.Cryptography;
using Strata.Model.Identity;

namespace Strata.Artifacts.Hashing;

/// <summary>Reads content whose hash is already known, and fails at the end if it was not true.</summary>
/// <remarks>
/// Holds no more than the caller's buffer. Bytes are handed out before they are verified:
/// nothing read from here may be trusted until <c>Read</c> has returned 0.
/// </remarks>
/// <exception cref="ContentMismatchException">Thrown by <c>Read</c>: longer, shorter or other than promised.</exception>
public sealed class VerifyingStream : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Stream _source;
    private readonly string _expected;
    private readonly string _what;
    private readonly long? _size;
    private readonly bool _leaveOpen;
    private long _seen;

    /// <summary>Content named by the digest of its file.</summary>
    /// <param name="source">Read to its end; closed with this stream unless <paramref name="leaveOpen"/>.</param>
    /// <param name="size">Its length, in bytes.</param>
    public VerifyingStream(Stream source, Digest digest, long size, bool leaveOpen = false)
        : this(source, digest.Hex, digest.ToString(), size, leaveOpen)
    {
    }

    /// <summary>The tar of a layer, named by its diff id; its length need not be known.</summary>
    /// <param name="source">Read to its end; closed with this stream unless <paramref name="leaveOpen"/>.</param>
    public VerifyingStream(Stream source, DiffId diffId, bool leaveOpen = false)
        : this(source, diffId.Hex, $"diff id {diffId}", null, leaveOpen)
    {
    }

    private VerifyingStream(Stream source, string expected, string what, long? size, bool leaveOpen)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size ?? 0);
        (_source, _expected, _what, _size, _leaveOpen) = (source, expected, what, size, leaveOpen);
    }

    /// <summary>The end was reached and everything was as promised.</summary>
    public bool IsVerified { get; private set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = _source.Read(buffer);
        Check(buffer[..read], atEnd: read == 0 && buffer.Length > 0);
        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _source.ReadAsync(buffer, cancellationToken);
        Check(buffer.Span[..read], atEnd: read == 0 && buffer.Length > 0);
        return read;
    }

    private void Check(ReadOnlySpan<byte> chunk, bool atEnd)
    {
        if (IsVerified) return;
        _seen += chunk.Length;
        if (_seen > _size) throw new ContentMismatchException($"{_what} is longer than its {_size} bytes.");
        _hash.AppendData(chunk);
        if (!atEnd) return;
        if (_seen < _size) throw new ContentMismatchException($"{_what} ended after {_seen} of {_size} bytes.");
        var actual = Convert.ToHexStringLower(_hash.GetCurrentHash());
        if (actual != _expected) throw new ContentMismatchException($"{_what} was promised and sha256:{actual} arrived.");
        IsVerified = true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            if (!_leaveOpen) _source.Dispose();
        }
        base.Dispose(disposing);
    }
}
