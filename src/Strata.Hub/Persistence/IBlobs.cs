using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.Persistence;

/// <summary>A blob that is held.</summary>
/// <param name="StoredAt">When it was last put; a sweep spares what is young.</param>
internal sealed record HeldBlob(Digest Digest, long Size, DateTimeOffset StoredAt);

/// <summary>Where the hub keeps content, each blob under its digest, whole or not at all.</summary>
/// <remarks>Putting twice and deleting twice are no errors. Failures to reach the store are <see cref="IOException"/>s that say where and why.</remarks>
internal interface IBlobs
{
    /// <summary>Stores content and digests it on the way. On return it survives a power cut.</summary>
    /// <param name="content">Read to its end; not closed.</param>
    /// <param name="maxBytes">More than these are refused.</param>
    /// <exception cref="Artifacts.Hashing.ContentTooLargeException">There is more; nothing was kept.</exception>
    /// <exception cref="SpaceExhaustedException">There is no room; nothing was kept.</exception>
    Task<IngestedBlob> IngestAsync(Stream content, long maxBytes, CancellationToken cancellation);

    /// <summary>The blob for reading, from its start and seekable; null when it is not held.</summary>
    Task<Stream?> OpenAsync(Digest digest, CancellationToken cancellation);

    /// <summary>Bytes of the blob; null when it is not held.</summary>
    Task<long?> SizeAsync(Digest digest, CancellationToken cancellation);

    /// <summary>Removes the blob; no error when it is not held.</summary>
    Task DeleteAsync(Digest digest, CancellationToken cancellation);

    /// <summary>Every blob held, in no order that can be relied on.</summary>
    IAsyncEnumerable<HeldBlob> ListAsync(CancellationToken cancellation);
}
