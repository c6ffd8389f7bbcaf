using System.Collections.Concurrent;
using Strata.Artifacts.Layers;
using Strata.Store.Files;
using Strata.Hub.Persistence;
using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Compares layer files in the store. Content never changes, so what was found is kept for those who page through it, by its weight.</summary>
internal sealed class Comparisons(IBlobs blobs, HubOptions options) : IDisposable
{
    // Lines of differences, some 200 bytes each.
    private const int MostLines = 200_000;

    // Both layers are read whole: one pair at a time leaves the other core to everybody else.
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly ConcurrentDictionary<(Digest, Digest), LayerComparison> _kept = [];
    private int _lines;

    /// <summary>What differs between two layer files; null when the store holds one of them no longer.</summary>
    public async Task<LayerComparison?> OfAsync(Digest old, Digest next, CancellationToken cancellation)
    {
        if (_kept.TryGetValue((old, next), out var kept)) return kept;
        await _one.WaitAsync(cancellation);
        var (olds, nexts) = (new Queue<Stream>(), new Queue<Stream>());
        try
        {
            if (_kept.TryGetValue((old, next), out kept)) return kept;
            await OpenAsync(olds, old, cancellation);
            await OpenAsync(nexts, next, cancellation);
            if (olds.Count == 0 || nexts.Count == 0) return null;
            var found = await Task.Run(() => LayerComparison.OfAsync(olds.Dequeue, nexts.Dequeue, () => SpoolFile.Create(Path.Combine(options.Data, "scratch")), cancellation), cancellation);
            Keep((old, next), found);
            return found;
        }
        finally
        {
            foreach (var unread in olds.Concat(nexts)) await unread.DisposeAsync();
            _one.Release();
        }
    }

    // Whoever pages through a larger one waits for each page: the hub's memory is for everybody.
    private void Keep((Digest, Digest) pair, LayerComparison found)
    {
        var lines = 1 + found.Libraries.Count + found.Paths.Count + found.Symbols.Count;
        if (lines > MostLines) return;
        if ((_lines += lines) > MostLines)
        {
            _kept.Clear();
            _lines = lines;
        }
        _kept[pair] = found;
    }

    // Each layer is read twice, for its paths and for what is in them. None: the store does not hold it.
    private async Task OpenAsync(Queue<Stream> streams, Digest digest, CancellationToken cancellation)
    {
        for (var i = 0; i < 2; i++)
            if (await blobs.OpenAsync(digest, cancellation) is { } stream) streams.Enqueue(stream);
    }

    public void Dispose() => _one.Dispose();
}
