using Strata.Artifacts.Hashing;

namespace Strata.Artifacts.Layers;

/// <summary>Keeps the first bytes that pass: as many as a gzip header has.</summary>
/// <param name="source">Not closed.</param>
internal sealed class HeadStream(Stream source) : ReadOnlyStream
{
    /// <summary>Bytes that are kept.</summary>
    public const int Kept = 10;

    private readonly byte[] _head = new byte[Kept];
    private int _length;

    /// <summary>How every gzip file begins. Source: RFC 1952, 2.3.1.</summary>
    public static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    /// <summary>What has passed of them.</summary>
    public ReadOnlyMemory<byte> Head => _head.AsMemory(0, _length);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        Keep(buffer[..read]);
        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read]);
        return read;
    }

    private void Keep(ReadOnlySpan<byte> passed)
    {
        var count = Math.Min(passed.Length, _head.Length - _length);
        passed[..count].CopyTo(_head.AsSpan(_length));
        _length += count;
    }
}
