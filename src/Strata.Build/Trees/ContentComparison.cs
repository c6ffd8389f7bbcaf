using System.Buffers;
using System.Collections.Concurrent;
using Strata.Store.Files;

namespace Strata.Build.Trees;

/// <summary>Tells which of many pairs of equally long files differ, by reading them.</summary>
/// <remarks>Size and time prove nothing: a build that pins times changes content behind both.</remarks>
internal static class ContentComparison
{
    private const int BufferSize = 256 * 1024;
    private const int MostInBatch = 256;
    private const long MostBytesInBatch = 8 << 20;

    /// <summary>The paths whose content differs, of <paramref name="pairs"/>, which have the same path and size in both trees.</summary>
    public static HashSet<string> FindDifferent(
        Tree parent, Tree child, IReadOnlyList<TreeEntry> pairs, int workers, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        using var parentRoot = DirectoryHandle.Open(parent.Root);
        using var childRoot = DirectoryHandle.Open(child.Root);
        var different = new HashSet<string>(StringComparer.Ordinal);
        var total = pairs.Sum(pair => pair.Status.Size);
        long done = 0;
        var batches = Partitioner.Create(Batches(pairs), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(batches, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, batch =>
        {
            var above = batch[0].ParentPath is { Length: > 0 } path ? path : ".";
            using var one = parentRoot.OpenDirectory(above);
            using var other = childRoot.OpenDirectory(above);
            foreach (var pair in batch)
            {
                if (!AreSame(one, other, pair, cancellation))
                {
                    lock (different) different.Add(pair.Path);
                }
                progress?.Report(new(PackPhase.Comparing, Interlocked.Add(ref done, pair.Status.Size), total));
            }
        });
        return different;
    }

    /// <summary>Neighbours in one directory, which is then walked to once for all of them; few enough that every worker has some.</summary>
    private static IEnumerable<IReadOnlyList<TreeEntry>> Batches(IReadOnlyList<TreeEntry> pairs)
    {
        var batch = new List<TreeEntry>();
        var above = "";
        long bytes = 0;
        foreach (var pair in pairs)
        {
            if (batch.Count > 0 && (batch.Count == MostInBatch || bytes >= MostBytesInBatch || !pair.IsDirectlyIn(above)))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }
            if (batch.Count == 0) above = pair.ParentPath;
            batch.Add(pair);
            bytes += pair.Status.Size;
        }
        if (batch.Count > 0) yield return batch;
    }

    /// <summary>The content of a small file, made or read.</summary>
    public static ReadOnlySpan<byte> BytesOf(Tree tree, TreeEntry entry)
    {
        if (entry.Content is { } made) return made.Span;
        using var root = DirectoryHandle.Open(tree.Root);
        using var file = root.OpenFile(entry.Path);
        var bytes = new byte[entry.Status.Size];
        return bytes.AsSpan(0, file.ReadFull(bytes));
    }

    // As many bytes as there were when the trees were listed: asking each of a hundred thousand files for more than it has costs as much as reading it.
    private static bool AreSame(DirectoryHandle parent, DirectoryHandle child, TreeEntry pair, CancellationToken cancellation)
    {
        using var one = parent.OpenFile(pair.BaseName);
        using var other = child.OpenFile(pair.BaseName);
        var left = ArrayPool<byte>.Shared.Rent(BufferSize);
        var right = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var rest = pair.Status.Size; rest > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                var wanted = (int)Math.Min(rest, BufferSize);
                var length = one.ReadFull(left.AsSpan(0, wanted));
                if (other.ReadFull(right.AsSpan(0, wanted)) != length || !left.AsSpan(0, length).SequenceEqual(right.AsSpan(0, length))) return false;
                if (length < wanted) return true; // both became shorter meanwhile; packing would notice, and there is nothing to pack
                rest -= length;
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(left);
            ArrayPool<byte>.Shared.Return(right);
        }
    }
}
