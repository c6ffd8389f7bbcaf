using Strata.Artifacts.Tar;

namespace Strata.Build.Trees;

/// <summary>What a layer is to hold, in the order in which it is written.</summary>
/// <param name="Root">The tree from which content is read.</param>
/// <param name="Items">Entries in <see cref="TreeOrder"/>.</param>
/// <param name="Counts">What kinds of change they are.</param>
public sealed record LayerContents(string Root, IReadOnlyList<LayerItem> Items, ChangeCounts Counts)
{
    /// <summary>Bytes of content that will be read.</summary>
    public long Bytes => Items.Sum(item => item.Entry.Size);
}

/// <summary>One entry of a layer to be.</summary>
/// <param name="SourcePath">Where its content is, relative to the tree; null when it has none.</param>
public sealed record LayerItem(TarEntry Entry, string? SourcePath)
{
    /// <summary>Its content, when that was made by a rule and stands in no file; null otherwise.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }
}

/// <summary>How many names a layer adds, changes and removes; directories that only lead there are not counted.</summary>
public sealed record ChangeCounts(int Added, int Changed, int Removed);
