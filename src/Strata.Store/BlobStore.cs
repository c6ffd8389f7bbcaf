using Strata.Artifacts.Hashing;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Store;

/// <summary>Whether a put had anything to do.</summary>
public enum PutResult
{
    /// <summary>The content is new and was stored.</summary>
    Stored,

    /// <summary>The same content was there already.</summary>
    AlreadyHeld,
}

/// <summary>What was ingested.</summary>
/// <param name="Sha3With256">32 bytes: what protocol v7 sends of each blob.</param>
public sealed record IngestedBlob(Digest Digest, long Size, byte[] Sha3With256, PutResult Result);

/// <summary>Blobs on disk, each named by its digest.</summary>
/// <remarks>
/// A name in <c>blobs/sha256/</c> is a promise: the file is whole, was verified and outlasts a power cut. What a crash leaves is in <c>ingest/</c>,
/// which <see cref="Recovery"/> empties. Putting twice and deleting twice are no errors.
/// </remarks>
public sealed class BlobStore
{
    private const int WriteBuffer = 128 * 1024;
    private readonly string _blobs;
    private readonly string _ingest;

    /// <summary>The blobs beneath <paramref name="root"/>, whose folders are made if they are not there.</summary>
    public BlobStore(string root)
    {
        _blobs = Directory.CreateDirectory(StoreLayout.Blobs(root)).FullName;
        _ingest = Directory.CreateDirectory(StoreLayout.Ingest(root)).FullName;
    }

    /// <summary>Stores <paramref name="content"/> whole or not at all.</summary>
    /// <param name="size">In bytes.</param>
    /// <param name="content">Read to its end, or not at all when the blob is held; not closed.</param>
    /// <exception cref="ContentMismatchException">The content is not what was promised; nothing was kept.</exception>
    /// <exception cref="SpaceExhaustedException">The disk is full; nothing was kept.</exception>
    public async Task<PutResult> PutAsync(Digest digest, long size, Stream content, CancellationToken cancellation)
    {
        if (SizeOf(digest) == size) return PutResult.AlreadyHeld;
        await using var verified = new VerifyingStream(content, digest, size, leaveOpen: true);
        return await WriteAsync(verified, size, () => digest, cancellation);
    }

    /// <summary>Stores content whose digest is not known yet, whole or not at all.</summary>
    /// <param name="content">Read to its end; not closed.</param>
    /// <param name="maxBytes">More than these are refused.</param>
    /// <param name="beforeNamed">Awaited when the digest is known and before the blob gets its name; null for nothing.</param>
    /// <exception cref="ContentTooLargeException">There is more; nothing was kept.</exception>
    /// <exception cref="SpaceExhaustedException">The disk is full; nothing was kept.</exception>
    public async Task<IngestedBlob> IngestAsync(Stream content, long maxBytes, CancellationToken cancellation, Func<Digest, Task>? beforeNamed = null)
    {
        await using var bounded = new BoundedStream(content, maxBytes, "The content", leaveOpen: true);
        await using var hashed = new HashingStream(bounded, ExtraHashes.Sha3With256);
        var result = await WriteAsync(hashed, null, () => hashed.Current().Sha256, cancellation, beforeNamed);
        var hashes = hashed.Current();
        return new(hashes.Sha256, hashes.Size, hashes.Sha3With256!, result);
    }

    /// <summary>The blob for reading, from its start and seekable; null when it is not held.</summary>
    public FileStream? Open(Digest digest)
    {
        try
        {
            return new(PathOf(digest), new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous });
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Bytes of the blob; null when it is not held.</summary>
    public long? SizeOf(Digest digest) => new FileInfo(PathOf(digest)) is { Exists: true } file ? file.Length : null;

    /// <summary>Where the blob is, or would be.</summary>
    public string PathOf(Digest digest) => Path.Combine(_blobs, digest.Hex);

    /// <summary>Removes the blob; false when it was not held.</summary>
    public bool Delete(Digest digest)
    {
        var held = SizeOf(digest) is not null;
        File.Delete(PathOf(digest));
        return held;
    }

    /// <summary>Every blob held, ordered by digest.</summary>
    public IReadOnlyList<(Digest Digest, long Size)> List() =>
    [
        .. new DirectoryInfo(_blobs).EnumerateFiles()
            .Select(file => (Known: Digest.TryParse($"sha256:{file.Name}", null, out var digest), Digest: digest, file.Length))
            .Where(found => found.Known)
            .OrderBy(found => found.Digest.Hex, StringComparer.Ordinal)
            .Select(found => (found.Digest, found.Length)),
    ];

    private async Task<PutResult> WriteAsync(Stream content, long? size, Func<Digest> name, CancellationToken cancellation, Func<Digest, Task>? beforeNamed = null)
    {
        var partial = Path.Combine(_ingest, $"blob-{Guid.NewGuid():N}");
        try
        {
            await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await content.CopyToAsync(file, WriteBuffer, cancellation);
                file.Flush(flushToDisk: true);
            }
            var digest = name();
            if (beforeNamed is not null) await beforeNamed(digest);
            var final = PathOf(digest);
            var held = File.Exists(final);
            File.Move(partial, final, overwrite: true); // the same bytes either way: the name is their hash
            using var directory = DirectoryHandle.Open(_blobs);
            directory.Flush();
            return held ? PutResult.AlreadyHeld : PutResult.Stored;
        }
        catch (IOException full) when (SpaceExhaustedException.IsMeantBy(full))
        {
            File.Delete(partial);
            throw new SpaceExhaustedException(_blobs, size, full);
        }
        finally
        {
            File.Delete(partial); // no error when the move took it
        }
    }
}
