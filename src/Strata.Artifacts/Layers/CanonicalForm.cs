using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;

namespace Strata.Artifacts.Layers;

/// <summary>Whether a layer file has the bytes that its entries alone lead to: sorted, owners by number, whole seconds, no clock and no name of a machine in it.</summary>
/// <param name="Departures">In what it differs, a sentence each; empty for a layer in canonical form.</param>
/// <remarks>
/// The test is exact: the entries are written again by <see cref="TarLayerWriter"/>, and the tar has to come out the same.
/// A layer in another form is a layer all the same; only nobody can make the same file from the same content. Source: docs/formats/layer-archive.md.
/// </remarks>
public sealed record CanonicalForm(EquatableList<string> Departures)
{
    private const int NameBit = 8, CommentBit = 16;

    /// <summary>Nothing departs from it.</summary>
    public bool IsCanonical => Departures.Count == 0;

    /// <summary>Reads a layer file and writes it again to nowhere.</summary>
    /// <param name="file">At its start; read to its end, not closed.</param>
    /// <exception cref="ArchiveRefusedException">It is not a layer, or is beyond <paramref name="limits"/>.</exception>
    public static async Task<CanonicalForm> OfAsync(Stream file, ArchiveLimits? limits, CancellationToken cancellation)
    {
        var departures = new List<string>();
        await using var watched = new HeadStream(file);
        await using var tar = await LayerDecompressor.OpenAsync(watched, limits, cancellation, leaveOpen: true);
        await using var content = new HashingStream(tar, leaveOpen: true);
        await using var again = new HashingStream(Stream.Null);
        using var reader = new TarLayerReader(content, limits);
        await using var writer = new TarLayerWriter(again);
        TarEntry? last = null;
        var isSorted = true;
        while (await reader.NextAsync(cancellation) is { } entry)
        {
            if (isSorted && last is not null && PathOrder.Compare(last.Name, entry.Name) >= 0)
            {
                isSorted = false;
                departures.Add($"Entries are not sorted: {entry} stands after {last}.");
            }
            last = entry;
            await writer.WriteAsync(entry, entry.Size > 0 ? reader.Content : null, cancellation);
        }
        await writer.FinishAsync(cancellation);
        if (again.Current().Sha256 != content.Current().Sha256)
            departures.Add("Its headers say more than its entries need, or say it in another dialect: names of owners, parts of a second, access times, padding.");
        if (Compression(watched.Head) is { } problem) departures.Add(problem);
        return new([.. departures]);
    }

    // Source: RFC 1952, 2.3.1.
    private static string? Compression(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return "It is not compressed with gzip.";
        if (head.Length < 10) return null;
        return (head[3] & (NameBit | CommentBit)) != 0 ? "Its gzip header names a file."
            : head[4..8].ContainsAnyExcept((byte)0) ? "Its gzip header holds a time."
            : null;
    }

    /// <summary>Keeps the first bytes that pass.</summary>
    private sealed class HeadStream(Stream source) : ReadOnlyStream
    {
        private readonly byte[] _head = new byte[10];
        private int _length;

        public ReadOnlySpan<byte> Head => _head.AsSpan(0, _length);

        public override int Read(Span<byte> buffer)
        {
            var read = source.Read(buffer);
            Keep(buffer[..read]);
            return read;
        }

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
}

/// <summary>The order of a layer's entries: a directory before what is in it, and that before the next name.</summary>
internal static class PathOrder
{
    public static Comparer<string> Comparer { get; } = Comparer<string>.Create(Compare);

    public static int Compare(string one, string other)
    {
        var common = one.AsSpan().CommonPrefixLength(other);
        if (common == one.Length || common == other.Length) return one.Length.CompareTo(other.Length);
        // The slash ends a name, so it comes before every character that a name may hold.
        return (one[common] == '/' ? -1 : one[common]) - (other[common] == '/' ? -1 : other[common]);
    }
}
