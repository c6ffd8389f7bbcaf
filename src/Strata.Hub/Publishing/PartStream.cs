using Strata.Artifacts.Hashing;

namespace Strata.Hub.Publishing;

/// <summary>Reads a part of a stream that can be sought in.</summary>
/// <param name="whole">Not closed; nobody else moves it meanwhile.</param>
/// <param name="start">Where the part begins.</param>
/// <param name="length">Its bytes.</param>
internal sealed class PartStream(Stream whole, long start, long length) : ReadOnlyStream
{
    private long _read;

    public override int Read(Span<byte> buffer)
    {
        whole.Position = start + _read;
        return Count(whole.Read(buffer[..Most(buffer.Length)]));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        whole.Position = start + _read;
        return Count(await whole.ReadAsync(buffer[..Most(buffer.Length)], cancellationToken));
    }

    private int Most(int asked) => (int)Math.Min(asked, length - _read);

    private int Count(int read)
    {
        _read += read;
        return read;
    }
}
