using System.Security.Cryptography;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Layers;

/// <summary>Finds out about a layer's form while it is read for something else.</summary>
/// <remarks>What files hold is the same in every form, so that only the headers are written again, and compared by hash with those that are there.</remarks>
internal sealed class CanonicalFormWatch : IAsyncDisposable
{
    private const int NameBit = 8, CommentBit = 16;
    private readonly IncrementalHash _found = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HashingStream _needed = new(Stream.Null);
    private readonly TarLayerWriter _writer;
    private readonly List<string> _departures = [];
    private TarEntry? _last;
    private bool _isSorted = true;

    public CanonicalFormWatch() => _writer = new(_needed);

    /// <summary>Takes in what the reader says is no content: <see cref="TarLayerReader.Framing"/>.</summary>
    public void Framing(ReadOnlySpan<byte> bytes) => _found.AppendData(bytes);

    /// <summary>Takes in the next entry.</summary>
    public ValueTask AddAsync(TarEntry entry, CancellationToken cancellation)
    {
        if (_isSorted && _last is not null && PathOrder.Compare(_last.Name, entry.Name) >= 0)
        {
            _isSorted = false;
            _departures.Add($"Entries are not sorted: {entry} stands after {_last}.");
        }
        _last = entry;
        return _writer.WriteFramingAsync(entry, cancellation);
    }

    /// <summary>The verdict, once the tar was read to its end.</summary>
    /// <param name="head">First bytes of the layer file.</param>
    public async ValueTask<CanonicalForm> ConcludeAsync(ReadOnlyMemory<byte> head, CancellationToken cancellation)
    {
        await _writer.FinishAsync(cancellation);
        if (Convert.ToHexStringLower(_found.GetCurrentHash()) != _needed.Current().Sha256.Hex)
            _departures.Add("Its headers say more than its entries need, or say it in another dialect: names of owners, parts of a second, access times, padding.");
        if (Compression(head.Span) is { } problem) _departures.Add(problem);
        return new([.. _departures]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _found.Dispose();
        await _writer.DisposeAsync();
        await _needed.DisposeAsync();
    }

    // Source: RFC 1952, 2.3.1.
    private static string? Compression(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith(HeadStream.GzipMagic)) return "It is not compressed with gzip.";
        if (head.Length < HeadStream.Kept) return null;
        return (head[3] & (NameBit | CommentBit)) != 0 ? "Its gzip header names a file."
            : head[4..8].ContainsAnyExcept((byte)0) ? "Its gzip header holds a time."
            : null;
    }
}
