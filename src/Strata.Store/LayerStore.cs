using System.Globalization;
using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Store;

/// <summary>An unpacked layer.</summary>
/// <param name="Directory">Its tree, in overlayfs's form; short, and without a colon or comma of ours, so that it fits into mount options.</param>
public sealed record HeldLayer(DiffId DiffId, string Directory);

/// <summary>Unpacked layers, each named by its diff id and stored once.</summary>
/// <remarks>
/// A name in <c>layers/</c> is a promise: the tree it links to is whole, its diff id was verified while it was written, and it outlasts a power cut.
/// What a crash leaves is in <c>ingest/</c> or in <c>l/</c> without a link; <see cref="Recovery"/> removes it. Needs root, for owners and whiteouts.
/// </remarks>
public sealed class LayerStore
{
    private readonly string _root;
    private readonly string _layers;
    private readonly string _trees;
    private readonly string _ingest;
    private readonly Lock _publishing = new();

    /// <summary>The layers beneath <paramref name="root"/>, whose folders are made if they are not there.</summary>
    public LayerStore(string root)
    {
        _root = Directory.CreateDirectory(root).FullName;
        _layers = Directory.CreateDirectory(StoreLayout.Layers(_root)).FullName;
        _trees = Directory.CreateDirectory(StoreLayout.Trees(_root)).FullName;
        _ingest = Directory.CreateDirectory(StoreLayout.Ingest(_root)).FullName;
    }

    /// <summary>Unpacks a layer file, whole or not at all. One that is held is not read.</summary>
    /// <param name="digest">What the file must hash to.</param>
    /// <param name="size">Its length, in bytes.</param>
    /// <param name="file">The layer file, gzip or plain tar, from its start; read to its end, not closed.</param>
    /// <exception cref="ContentMismatchException">File or content are not what was promised; nothing was kept.</exception>
    /// <exception cref="ArchiveRefusedException">The layer holds what it must not; nothing was kept.</exception>
    /// <exception cref="SpaceExhaustedException">The disk is full; nothing was kept.</exception>
    public async Task<HeldLayer> UnpackAsync(
        DiffId diffId, Digest digest, long size, Stream file, CancellationToken cancellation, ArchiveLimits? limits = null)
    {
        if (Find(diffId) is { } held) return held;
        using var ingest = DirectoryHandle.Open(_ingest);
        var partial = $"layer-{Guid.NewGuid():N}";
        try
        {
            ingest.CreateDirectory(partial, 0x1C0);
            using (var tree = ingest.OpenDirectory(partial))
            {
                await WriteAsync(tree, diffId, digest, size, file, limits, cancellation);
                tree.FlushFileSystem();
            }
            return Publish(diffId, ingest, partial);
        }
        catch (IOException full) when (SpaceExhaustedException.IsMeantBy(full))
        {
            ingest.RemoveTree(partial);
            throw new SpaceExhaustedException(_trees, size, full);
        }
        finally
        {
            ingest.RemoveTree(partial); // no error when the move took it
        }
    }

    /// <summary>The layer, or null when it is not held.</summary>
    public HeldLayer? Find(DiffId diffId) =>
        new FileInfo(Path.Combine(_layers, diffId.Hex)).LinkTarget is { } link ? new(diffId, Path.Combine(_trees, Path.GetFileName(link))) : null;

    /// <summary>Every layer held, ordered by diff id.</summary>
    public IReadOnlyList<HeldLayer> List() =>
    [
        .. Directory.EnumerateFileSystemEntries(_layers)
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal)
            .Select(name => DiffId.TryParse($"sha256:{name}", null, out var diffId) ? Find(diffId) : null)
            .OfType<HeldLayer>(),
    ];

    /// <summary>Removes the layer; false when it was not held. Nothing may have it mounted.</summary>
    public bool Remove(DiffId diffId)
    {
        lock (_publishing)
        {
            if (Find(diffId) is not { } held) return false;
            using (var layers = DirectoryHandle.Open(_layers))
            {
                // The name goes first: a crash in between leaves a tree without a name, which is garbage, and never a name without its tree.
                layers.RemoveTree(diffId.Hex);
                layers.Flush();
            }
            using var trees = DirectoryHandle.Open(_trees);
            trees.RemoveTree(Path.GetFileName(held.Directory));
            return true;
        }
    }

    private static async Task WriteAsync(
        DirectoryHandle tree, DiffId diffId, Digest digest, long size, Stream file, ArchiveLimits? limits, CancellationToken cancellation)
    {
        await using var verifiedFile = new VerifyingStream(file, digest, size, leaveOpen: true);
        await using var content = await LayerDecompressor.OpenAsync(verifiedFile, limits, cancellation, leaveOpen: true);
        await using var verifiedContent = new VerifyingStream(content, diffId, leaveOpen: true);
        using var tar = new TarLayerReader(verifiedContent, limits);
        using var unpacker = new LayerUnpacker(tree);
        tree.SetMode("", 0x1ED);
        try
        {
            await unpacker.UnpackAsync(tar, cancellation);
        }
        catch (ArchiveRefusedException refused)
        {
            // A file that is not the promised one says more than where in it the reading stopped.
            await ReadRestAsync(verifiedFile, refused, cancellation);
            throw;
        }
        if (!verifiedFile.IsVerified || !verifiedContent.IsVerified) throw new ContentMismatchException($"{digest} was not read to its end.");
    }

    private static async Task ReadRestAsync(VerifyingStream file, ArchiveRefusedException refused, CancellationToken cancellation)
    {
        try
        {
            await file.CopyToAsync(Stream.Null, cancellation);
        }
        catch (ContentMismatchException mismatch)
        {
            throw new ContentMismatchException($"{mismatch.Message} ({refused.Message})");
        }
    }

    private HeldLayer Publish(DiffId diffId, DirectoryHandle ingest, string partial)
    {
        lock (_publishing)
        {
            if (Find(diffId) is { } meanwhile) return meanwhile;
            using var trees = DirectoryHandle.Open(_trees);
            using var layers = DirectoryHandle.Open(_layers);
            var name = NextNumber(trees).ToString(CultureInfo.InvariantCulture);
            ingest.Rename(partial, trees, name);
            trees.Flush();
            layers.CreateSymbolicLink(diffId.Hex, $"../l/{name}");
            layers.Flush();
            return new(diffId, Path.Combine(_trees, name));
        }
    }

    private static int NextNumber(DirectoryHandle trees) =>
        trees.Names().Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty(0).Max() + 1;
}
