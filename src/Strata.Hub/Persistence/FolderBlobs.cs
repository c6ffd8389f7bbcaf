using System.Runtime.CompilerServices;
using Strata.Hub.Garbage;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.Persistence;

/// <summary>Blobs in a folder of this machine.</summary>
/// <param name="doomed">Told of each blob before it is there.</param>
internal sealed class FolderBlobs(BlobStore store, DoomedBlobs doomed) : IBlobs
{
    /// <inheritdoc/>
    public Task<IngestedBlob> IngestAsync(Stream content, long maxBytes, CancellationToken cancellation) => store.IngestAsync(content, maxBytes, cancellation, doomed.SaveAsync);

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(Digest digest, CancellationToken cancellation) => Task.FromResult<Stream?>(store.Open(digest));

    /// <inheritdoc/>
    public Task<long?> SizeAsync(Digest digest, CancellationToken cancellation) => Task.FromResult(store.SizeOf(digest));

    /// <inheritdoc/>
    public Task DeleteAsync(Digest digest, CancellationToken cancellation)
    {
        store.Delete(digest);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HeldBlob> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        foreach (var (digest, size) in store.List())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new(digest, size, File.GetLastWriteTimeUtc(store.PathOf(digest)));
        }
    }
}
