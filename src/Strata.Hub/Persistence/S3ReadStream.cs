using Strata.Model.Identity;

namespace Strata.Hub.Persistence;

/// <summary>Reads a blob of an S3 store from wherever it is positioned; a request is made for each place that is read on from.</summary>
/// <param name="open">Opens the content from an offset to its end.</param>
/// <param name="length">In bytes.</param>
internal sealed class S3ReadStream(Func<Digest, long, long, CancellationToken, Task<Stream>> open, Digest digest, long length) : Stream
{
    private Stream? _content;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            if (value == _position) return;
            _position = value;
            _content?.Dispose();
            _content = null;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty) return 0;
        _content ??= await open(digest, _position, length, cancellationToken);
        var read = await _content.ReadAsync(buffer, cancellationToken);
        if (read == 0) throw new EndOfStreamException($"{digest} ended after {_position} of {length} bytes.");
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A store over the network is read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _content?.Dispose();
        base.Dispose(disposing);
    }
}
