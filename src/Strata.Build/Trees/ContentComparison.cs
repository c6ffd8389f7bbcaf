using System.Buffers;
using Strata.Store.Files;

namespace Strata.Build.Trees;

/// <summary>Tells which of many pairs of equally long files differ, by reading them.</summary>
/// <remarks>Size and time prove nothing: a build that pins times changes content behind both.</remarks>
internal static class ContentComparison
{
    private const int BufferSize = 256 * 1024;

    /// <summary>The paths whose content differs, of <paramref name="pairs"/>, which have the same path and size in both trees.</summary>
    public static HashSet<string> FindDifferent(
        Tree parent, Tree child, IReadOnlyList<TreeEntry> pairs, int workers, IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        using var parentRoot = DirectoryHandle.Open(parent.Root);
        using var childRoot = DirectoryHandle.Open(child.Root);
        var different = new HashSet<string>(StringComparer.Ordinal);
        var total = pairs.Sum(pair => pair.Status.Size);
        long done = 0;
        Parallel.ForEach(pairs, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, pair =>
        {
            if (!AreSame(parentRoot, childRoot, pair.Path, cancellation))
            {
                lock (different) different.Add(pair.Path);
            }
            progress?.Report(new(PackPhase.Comparing, Interlocked.Add(ref done, pair.Status.Size), total));
        });
        return different;
    }

    private static bool AreSame(DirectoryHandle parent, DirectoryHandle child, string path, CancellationToken cancellation)
    {
        using var one = parent.OpenFile(path);
        using var other = child.OpenFile(path);
        var left = ArrayPool<byte>.Shared.Rent(BufferSize);
        var right = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var length = one.ReadFull(left.AsSpan(0, BufferSize));
                if (other.ReadFull(right.AsSpan(0, BufferSize)) != length || !left.AsSpan(0, length).SequenceEqual(right.AsSpan(0, length))) return false;
                if (length < BufferSize) return true;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(left);
            ArrayPool<byte>.Shared.Return(right);
        }
    }
}
