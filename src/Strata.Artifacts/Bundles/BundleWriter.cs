using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Signing;
using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Bundles;

/// <summary>A file, directory or link that goes into a bundle.</summary>
/// <param name="Entry">Name relative to the bundle's folder, kind, mode, size, link target; owners and times are left out.</param>
/// <param name="Open">Opens the content of a file; null for the rest.</param>
public sealed record BundleContent(TarEntry Entry, Func<Stream>? Open);

/// <summary>Writes and signs bundles.</summary>
/// <remarks>
/// The same contents and key give the same bytes: sorted names, no owners, no times, and RS256 is deterministic.
/// The outer gzip only stores: what it holds is an archive already. So does the inner one when all it holds is.
/// Source: facts on AosEdge, b.1 and c.4.
/// </remarks>
/// <param name="signer">Its private key signs; RSA of at least 2048 bits.</param>
public sealed class BundleWriter(X509Certificate2 signer)
{
    private const int StoredLevel = 0;
    private const int DeflatedLevel = 6;
    private const int SmallBytes = 1 << 20; // a layer.json of this size is still nothing beside its archive
    private const int Readable = 0x1A4; // 0644

    /// <summary>Writes the bundle to <paramref name="output"/>.</summary>
    /// <param name="config">The bytes of config.yaml, put in unchanged.</param>
    /// <param name="contents">Everything else, in any order.</param>
    /// <param name="scratch">Empty, seekable, for the inner archive: its hash must be known before the bundle can begin.</param>
    /// <param name="progress">Receives bytes of content read so far.</param>
    /// <exception cref="CryptographicException">The signer has no fitting private key.</exception>
    /// <exception cref="ContentMismatchException">A file changed while it was read.</exception>
    public async Task WriteAsync(
        ReadOnlyMemory<byte> config, IEnumerable<BundleContent> contents, Stream scratch, Stream output, IProgress<long>? progress, CancellationToken cancellation)
    {
        var inner = await WriteInnerAsync(config, contents, scratch, progress, cancellation);
        var payload = BundlePayload.Write([inner, SignedFile.Of(BundleFormat.Config, SHA3_512.HashData(config.Span), config.Length)]);
        var signature = Encoding.ASCII.GetBytes(Jws.Sign(payload, signer));
        scratch.Position = 0;

        await using var gzip = new FixedBlockGzipStream(output, StoredLevel);
        await using var tar = new TarLayerWriter(gzip);
        await tar.WriteAsync(File(BundleFormat.Config, config.Length), Bytes(config), cancellation);
        await tar.WriteAsync(File(BundleFormat.Archive, inner.Size), scratch, cancellation);
        await tar.WriteAsync(File(BundleFormat.Signature, signature.Length), Bytes(signature), cancellation);
        await tar.FinishAsync(cancellation);
        await gzip.FinishAsync(cancellation);
    }

    private static async Task<SignedFile> WriteInnerAsync(
        ReadOnlyMemory<byte> config, IEnumerable<BundleContent> contents, Stream scratch, IProgress<long>? progress, CancellationToken cancellation)
    {
        var sorted = contents.OrderBy(c => c.Entry.Name, StringComparer.Ordinal).ToList();
        await using var hashed = new HashingStream(scratch, ExtraHashes.Sha3With512, leaveOpen: true);
        await using var gzip = new FixedBlockGzipStream(hashed, sorted.All(IsArchiveOrSmall) ? StoredLevel : DeflatedLevel);
        await using var tar = new TarLayerWriter(gzip);
        await tar.WriteAsync(File(BundleFormat.Config, config.Length), Bytes(config), cancellation);
        foreach (var content in sorted)
        {
            var entry = content.Entry with { Uid = 0, Gid = 0, ModifiedAt = 0, Attributes = [] };
            await using var stream = content.Open?.Invoke();
            await tar.WriteAsync(entry, stream, cancellation);
            progress?.Report(tar.ContentBytes);
        }
        await tar.FinishAsync(cancellation);
        await gzip.FinishAsync(cancellation);
        var hashes = hashed.Current();
        return SignedFile.Of(BundleFormat.Archive, hashes.Sha3With512!, hashes.Size);
    }

    private static bool IsArchiveOrSmall(BundleContent content) =>
        content.Entry.Size <= SmallBytes || content.Entry.Name.EndsWith(".gz", StringComparison.Ordinal);

    private static TarEntry File(string name, long size) => new() { Name = name, Kind = TarEntryKind.File, Mode = Readable, Size = size };

    private static MemoryStream Bytes(ReadOnlyMemory<byte> content) => new(content.ToArray(), writable: false);
}
