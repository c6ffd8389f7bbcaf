using System.Collections.Concurrent;
using System.Text.Json;
using Strata.Artifacts.Describing;
using Strata.Hub.Persistence;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.Catalogues;

/// <summary>How much of one layer's content stands in another, too, from their file indexes. Source: decision 0028.</summary>
/// <remarks>Indexes never change, so what was found of a pair is kept: some 150 bytes each.</remarks>
internal sealed class SharedSizes(IBlobs blobs) : IDisposable
{
    private const int MostKept = 20_000;
    private const long LargestIndex = 64L << 20; // a third of a million entries: of more, nobody waits for the answer
    private readonly SemaphoreSlim _one = new(1, 1); // the digests of a whole layer are in memory meanwhile
    private readonly ConcurrentDictionary<(Digest, Digest), long> _kept = [];

    /// <summary>Bytes of those files of <paramref name="layer"/> whose content stands in <paramref name="other"/>, too, under whatever name; null when one has no index, or a very large one.</summary>
    /// <exception cref="InvalidDataException">An index is damaged.</exception>
    public async Task<long?> OfAsync(LayerDescription layer, LayerDescription other, CancellationToken cancellation)
    {
        if (IndexOf(layer) is not { } index || IndexOf(other) is not { } otherIndex) return null;
        if (_kept.TryGetValue((index, otherIndex), out var kept)) return kept;
        await _one.WaitAsync(cancellation);
        try
        {
            if (_kept.TryGetValue((index, otherIndex), out kept)) return kept;
            if (await ContentsAsync(otherIndex, cancellation) is not { } contents || await SumAsync(index, contents, cancellation) is not { } size) return null;
            if (_kept.Count >= MostKept) _kept.Clear();
            return _kept[(index, otherIndex)] = size;
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"The file index {index} or {otherIndex} is damaged: {problem.Message}", problem);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private static Digest? IndexOf(LayerDescription layer) => layer.Documents.FirstOrDefault(d => d.Name == FileIndex.FileName && d.Size <= LargestIndex)?.Digest;

    private async Task<HashSet<Digest>?> ContentsAsync(Digest index, CancellationToken cancellation)
    {
        await using var file = await blobs.OpenAsync(index, cancellation);
        if (file is null) return null;
        var contents = new HashSet<Digest>();
        await foreach (var entry in FileIndex.ReadEachAsync(file, skip: 0, cancellation))
            if (entry is { Sha256: { } hash, Size: > 0 }) contents.Add(ContentOf(hash));
        return contents;
    }

    private async Task<long?> SumAsync(Digest index, HashSet<Digest> contents, CancellationToken cancellation)
    {
        await using var file = await blobs.OpenAsync(index, cancellation);
        if (file is null) return null;
        var size = 0L;
        await foreach (var entry in FileIndex.ReadEachAsync(file, skip: 0, cancellation))
            if (entry is { Sha256: { } hash, Size: { } bytes } && contents.Contains(ContentOf(hash))) size += bytes;
        return size;
    }

    private static Digest ContentOf(string sha256) => Digest.TryParse($"sha256:{sha256}", null, out var digest) ? digest : throw new JsonException($"'{Quote.Short(sha256)}' is no SHA-256.");
}
