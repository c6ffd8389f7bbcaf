using Strata.Artifacts.Tar;
using Strata.Model.Layers;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Build.Trees;

/// <summary>A layer that was packed.</summary>
/// <param name="Archive">Its digests and sizes.</param>
/// <param name="Counts">What kinds of change it holds.</param>
/// <param name="Notes">What its maker should know of: what normalising found, in the layer's order, and whether readers will take it for a bomb.</param>
public sealed record PackedLayer(LayerArchive Archive, ChangeCounts Counts, IReadOnlyList<TreeNote> Notes);

/// <summary>Packs the difference of two trees as a layer file: in one pass, with nothing larger than a buffer in memory.</summary>
/// <remarks>The file appears under its name whole and flushed, or not at all.</remarks>
public static class LayerPacker
{
    private const int LockTaken = 11; // EAGAIN, from flock
    private const string Bomb = "it unpacks to so many times its size that hub and units refuse it as a bomb; leave out what is mostly zeros";

    /// <summary>Scans, compares and packs.</summary>
    /// <param name="parentRoot">The tree that the layer lies on; may be an empty directory.</param>
    /// <param name="childRoot">The tree that parent and layer shall give.</param>
    /// <param name="output">The layer file; replaced if it is there.</param>
    /// <exception cref="TreeRefusedException">The trees or the output cannot be used as asked.</exception>
    /// <exception cref="SpaceExhaustedException">The disk is full; nothing was left.</exception>
    public static async Task<PackedLayer> PackAsync(
        string parentRoot, string childRoot, PackOptions options, string output, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        Check(parentRoot, childRoot, output);
        progress?.Report(new(PackPhase.Scanning, 0, 0));
        var scanParent = Task.Run(() => TreeScanner.Scan(parentRoot, cancellation), cancellation);
        var child = TreeScanner.Scan(childRoot, cancellation);
        var parent = await scanParent;
        if (options.Normalise) Normaliser.RefuseMisplaced(parent, child, cancellation);
        var contents = TreeDifference.Between(Prepared(parent, options), Prepared(child, options), options, cancellation, progress);
        var archive = await WriteAsync(contents, options, output, progress, cancellation);
        IReadOnlyList<TreeNote> notes = options.Normalise ? Normaliser.Notes(contents.Items) : [];
        return new(archive, contents.Counts, LooksLikeBomb(archive) ? [.. notes, new("too-compressible", "", Bomb)] : notes);
    }

    /// <summary>Packs what a difference found.</summary>
    /// <exception cref="Artifacts.Hashing.ContentMismatchException">A file changed while it was packed.</exception>
    /// <exception cref="SpaceExhaustedException">The disk is full; nothing was left.</exception>
    public static async Task<LayerArchive> WriteAsync(
        LayerContents contents, PackOptions options, string output, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        // One fixed name: what a killed run leaves is overwritten by the next, and two at once are told apart by the lock on it.
        var partial = Path.Combine(folder, $".{Path.GetFileName(output)}.partial");
        await using var file = OpenAlone(partial, output);
        try
        {
            var archive = await WriteAsync(contents, options, file, progress, cancellation);
            file.Flush(flushToDisk: true);
            File.Move(partial, output, overwrite: true);
            using var directory = DirectoryHandle.Open(folder);
            directory.Flush();
            return archive;
        }
        catch (IOException full) when (SpaceExhaustedException.IsMeantBy(full))
        {
            file.SetLength(0);
            throw new SpaceExhaustedException(folder, null, full);
        }
        finally
        {
            File.Delete(partial); // no error when the move took it
        }
    }

    private static bool LooksLikeBomb(LayerArchive archive) =>
        archive.UnpackedSize > ArchiveLimits.Default.RatioFreeBytes && archive.UnpackedSize / archive.Size >= ArchiveLimits.Default.MaxRatio;

    private static FileStream OpenAlone(string partial, string output)
    {
        try
        {
            return new(partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        }
        catch (IOException taken) when (taken.HResult == LockTaken)
        {
            throw new TreeRefusedException([$"Another process is writing '{output}'; wait for it or name another file."]);
        }
    }

    private static async Task<LayerArchive> WriteAsync(
        LayerContents contents, PackOptions options, Stream file, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        using var root = DirectoryHandle.Open(contents.Root);
        await using var writer = new LayerArchiveWriter(file, options.Level, options.Workers);
        var total = contents.Bytes;
        long done = 0;
        foreach (var item in contents.Items)
        {
            cancellation.ThrowIfCancellationRequested();
            await using var content = Open(item, root);
            await writer.WriteAsync(item.Entry, content, cancellation);
            progress?.Report(new(PackPhase.Packing, done += item.Entry.Size, total));
        }
        return await writer.FinishAsync(cancellation);
    }

    private static Stream? Open(LayerItem item, DirectoryHandle root) =>
        item.Content is { } made ? new MemoryStream(made.ToArray(), writable: false)
        : item.SourcePath is { } path ? root.OpenFile(path).AsStream()
        : null;

    private static Tree Prepared(Tree tree, PackOptions options)
    {
        if (options.Normalise) tree = Normaliser.Apply(tree);
        return options.LatestTime is { } latest ? Normaliser.Clamp(tree, latest) : tree;
    }

    private static void Check(string parentRoot, string childRoot, string output)
    {
        List<string> problems = [];
        foreach (var (what, root) in new[] { ("parent", parentRoot), ("child", childRoot) })
        {
            if (!Directory.Exists(root)) problems.Add($"The {what} tree '{root}' is not a directory.");
            else if (IsIn(output, root)) problems.Add($"The layer '{output}' would lie inside the {what} tree '{root}' that it is packed from; name a place outside.");
        }
        if (problems.Count == 0 && Identity(parentRoot) == Identity(childRoot))
            problems.Add($"Parent '{parentRoot}' and child '{childRoot}' are the same directory; name the tree before and the tree after.");
        if (Path.GetDirectoryName(Path.GetFullPath(output)) is not { } folder || !Directory.Exists(folder))
            problems.Add($"The directory for the layer '{output}' is not there; make it first.");
        if (Directory.Exists(output)) problems.Add($"'{output}' is a directory; name the file that shall hold the layer.");
        if (problems.Count > 0) throw new TreeRefusedException(problems);
    }

    private static (ulong Device, ulong Inode) Identity(string root)
    {
        using var directory = DirectoryHandle.Open(root);
        return directory.Stat("") is { } status ? (status.Device, status.Inode) : default;
    }

    private static bool IsIn(string output, string root)
    {
        var relative = Path.GetRelativePath(Path.GetFullPath(root), Path.GetFullPath(output));
        return relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(relative);
    }
}
