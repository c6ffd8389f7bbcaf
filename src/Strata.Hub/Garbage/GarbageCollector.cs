using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Garbage;

/// <summary>What became of one blob, or would have.</summary>
internal enum BlobFate
{
    /// <summary>Something names it.</summary>
    Kept,

    /// <summary>Nothing names it, and its time is not over.</summary>
    Waiting,

    /// <summary>It was removed; it would be, in a dry run.</summary>
    Removed,
}

/// <summary>One blob with the reason for its fate.</summary>
internal sealed record JudgedBlob(Digest Digest, long Size, DateTimeOffset StoredAt, BlobFate Fate, string Reason);

/// <summary>Removes the blobs that nothing has named for longer than an upload may take: marks while the hub works, sweeps after a grace (decision 16).</summary>
/// <param name="grace">Has to be longer than the longest upload with its judgement: for so long a blob may wait for what will name it.</param>
internal sealed class GarbageCollector(HubWriter writer, IBlobs blobs, DoomedBlobs doomed, TimeSpan grace) : IDisposable
{
    private const int MostAtOnce = 256;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<Digest, IReadOnlyList<Digest>> _sideDocuments = [];

    /// <summary>Marks, and sweeps unless it is a dry run.</summary>
    /// <returns>Every blob that was there, ordered by digest.</returns>
    /// <exception cref="IOException">The store or the log failed, or what is kept cannot be told; what was not removed by then stays.</exception>
    public async Task<IReadOnlyList<JudgedBlob>> CollectAsync(bool isDryRun, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var (names, held) = await MarkAsync(cancellation);
            var removed = isDryRun ? [] : await SweepAsync(names, cancellation);
            return [.. held.OrderBy(b => b.Digest.Hex, StringComparer.Ordinal).Select(b => Judge(b, names, removed, isDryRun))];
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<(BlobNames Names, IReadOnlyList<HeldBlob> Held)> MarkAsync(CancellationToken cancellation)
    {
        // Listed first: what is named by then and listed is found in the snapshot, which is younger.
        var held = new List<HeldBlob>();
        await foreach (var blob in blobs.ListAsync(cancellation)) held.Add(blob);
        var state = writer.State;
        var names = await BlobNames.OfAsync(state, blobs, _sideDocuments, cancellation);
        // Rows without content are garbage as well: the log may be older than the store, after a backup was restored.
        doomed.Note(held.Select(b => b.Digest).Concat(writer.Blobs.All()).Where(d => names.ReasonFor(d) is null).ToHashSet());
        return (names, held);
    }

    private async Task<HashSet<Digest>> SweepAsync(BlobNames names, CancellationToken cancellation)
    {
        var removed = new HashSet<Digest>();
        while (doomed.Take(grace, MostAtOnce) is { Count: > 0 } batch)
        {
            try
            {
                if (!await GiveUpAsync(batch, names)) return removed; // marked anew at the next time
                foreach (var digest in batch)
                {
                    await blobs.DeleteAsync(digest, cancellation);
                    removed.Add(digest);
                }
            }
            finally
            {
                doomed.Release(batch);
            }
        }
        return removed;
    }

    /// <summary>Takes blobs out of the log; false when something that names blobs was changed since they were marked.</summary>
    private Task<bool> GiveUpAsync(IReadOnlyList<Digest> batch, BlobNames names) => writer.CommitAsync(
        state =>
        {
            if (!names.HoldFor(state)) return new Decision<bool>(false);
            var known = batch.Where(d => writer.Blobs.Find(d) is not null).ToEquatableList();
            return known.Count == 0 ? new Decision<bool>(true) : new(true, new BlobsRemoved(known));
        },
        CancellationToken.None);

    private JudgedBlob Judge(HeldBlob blob, BlobNames names, HashSet<Digest> removed, bool isDryRun)
    {
        if (names.ReasonFor(blob.Digest) is { } reason) return new(blob.Digest, blob.Size, blob.StoredAt, BlobFate.Kept, reason);
        if (removed.Contains(blob.Digest)) return new(blob.Digest, blob.Size, blob.StoredAt, BlobFate.Removed, "nothing named it");
        var age = doomed.AgeOf(blob.Digest) ?? TimeSpan.Zero;
        var isDue = isDryRun && age >= grace;
        return new(blob.Digest, blob.Size, blob.StoredAt, isDue ? BlobFate.Removed : BlobFate.Waiting,
            $"nothing has named it for {Text(age)}" + (isDue ? "" : $"; after {Text(grace)} it goes, unless it is stored again"));
    }

    private static string Text(TimeSpan time) => time.ToString(time < TimeSpan.FromDays(1) ? @"hh\:mm\:ss" : @"d\.hh\:mm\:ss", System.Globalization.CultureInfo.InvariantCulture);
}
