using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.State;

/// <summary>A blob as the store took it.</summary>
/// <param name="Sha3">SHA3-256: 64 lower-case hex digits.</param>
internal sealed record StoredBlob(Digest Digest, long Size, string Sha3)
{
    public static StoredBlob Of(IngestedBlob blob) => new(blob.Digest, blob.Size, Convert.ToHexStringLower(blob.Sha3With256));
}

/// <summary>Blobs are in the store; the files were flushed before. One change for all of a batch: each change costs the log as much again as what it says of a blob.</summary>
internal sealed record BlobsAdded(EquatableList<StoredBlob> Blobs) : Change
{
    /// <summary>Of those that <paramref name="known"/> does not hold yet, each once; no change at all when it holds them all.</summary>
    public static IEnumerable<BlobsAdded> Of(IEnumerable<StoredBlob> blobs, Persistence.IBlobRows known) =>
        blobs.DistinctBy(b => b.Digest).Where(b => known.Find(b.Digest) is null).ToEquatableList() is { Count: > 0 } added ? [new(added)] : [];
}

/// <summary>A blob is in the store; in records of earlier releases.</summary>
internal sealed record BlobAdded(Digest Digest, long Size, string Sha3) : Change;

/// <summary>Blobs that nothing names any more are given up. Their content is deleted after this is durable: a crash in between leaves files, never names without content.</summary>
internal sealed record BlobsRemoved(EquatableList<Digest> Digests) : Change;
