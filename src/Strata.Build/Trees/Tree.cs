using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Store.Files;

namespace Strata.Build.Trees;

/// <summary>One name in a scanned directory tree.</summary>
/// <param name="Path">Relative to the root, in <see cref="ByteText"/>; empty for the root itself.</param>
/// <param name="Status">What the kernel said of it.</param>
/// <param name="LinkTarget">Target of a symbolic link; empty otherwise.</param>
/// <param name="Attributes">Extended attributes in ordinal order, without those that belong to the host.</param>
public sealed record TreeEntry(string Path, FileStatus Status, string LinkTarget, EquatableList<ExtendedAttribute> Attributes)
{
    /// <summary>The last part of the path.</summary>
    public string BaseName => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The path above; empty for what stands directly in the root.</summary>
    public string ParentPath => TreeOrder.Above(Path);

    /// <summary>Whether <paramref name="folder"/> is the path above, without a string made of it.</summary>
    internal bool IsDirectlyIn(string folder) => Path.AsSpan(0, Math.Max(0, Path.LastIndexOf('/'))).SequenceEqual(folder);

    /// <summary>Content that stands in no file because a rule made it; null for what is read from the tree.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>Device and inode: equal for names of the same file.</summary>
    public (ulong Device, ulong Inode) Identity => (Status.Device, Status.Inode);
}

/// <summary>A directory tree as it was when it was scanned.</summary>
/// <param name="Root">Absolute path of the root.</param>
/// <param name="Entries">Depth first, the names of each directory in ordinal order, the root first.</param>
public sealed record Tree(string Root, IReadOnlyList<TreeEntry> Entries)
{
    /// <summary>Sum of the sizes of its regular files, in bytes.</summary>
    public long Bytes => Entries.Where(entry => entry.Status.Kind == FileKind.File).Sum(entry => entry.Status.Size);
}

/// <summary>The order of entries in trees and layers: a directory before what is in it, and that before the next name.</summary>
public sealed class TreeOrder : IComparer<string>
{
    private TreeOrder()
    {
    }

    /// <summary>The one instance.</summary>
    public static TreeOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return string.CompareOrdinal(x, y);
        var common = x.AsSpan().CommonPrefixLength(y);
        if (common == x.Length || common == y.Length) return x.Length.CompareTo(y.Length);
        // The slash ends a name, so it comes before every character that a name may hold.
        return (x[common] == '/' ? -1 : x[common]) - (y[common] == '/' ? -1 : y[common]);
    }

    /// <summary>The path above <paramref name="path"/>; empty for what stands directly in the root.</summary>
    public static string Above(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";
}
