namespace Strata.Artifacts.Hashing;

/// <summary>Reads at most a given number of bytes; one more in the source is an error, not an end.</summary>
/// <param name="source">Closed with this stream unless <paramref name="leaveOpen"/>.</param>
/// <param name="limit">Bytes allowed.</param>
/// <param name="what">What is read, for the message: "the bundle".</param>
/// <exception cref="ContentTooLargeException">Thrown by <c>Read</c>: the source has more than <paramref name="limit"/> bytes.</exception>
public sealed class BoundedStream(Stream source, long limit, string what, bool leaveOpen = false) : ReadOnlyStream
{
    private long _seen;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => Count(source.Read(buffer));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await source.ReadAsync(buffer, cancellationToken));

    private int Count(int read)
    {
        _seen += read;
        return _seen <= limit ? read : throw new ContentTooLargeException($"{what} is longer than the {limit} bytes allowed.", limit);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen) source.Dispose();
        base.Dispose(disposing);
    }
}
