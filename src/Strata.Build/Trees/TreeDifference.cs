using Strata.Artifacts.Tar;
using Strata.Store.Files;

namespace Strata.Build.Trees;

/// <summary>Finds what a layer has to hold so that parent + layer = child.</summary>
/// <remarks>
/// Files are compared by content. An entry is in the layer when its kind, content, mode, owner, attributes, link target or hard links differ;
/// one that differs in its time alone is left out unless asked for. Directories above each entry are there with their own mode and owner.
/// Source: OCI image-spec 1.1, layer.md, "Change Types" and "Whiteouts".
/// </remarks>
public sealed class TreeDifference
{
    private readonly Tree _parent, _child;
    private readonly PackOptions _options;
    private readonly Dictionary<string, TreeEntry> _below;
    private readonly Dictionary<string, TreeEntry> _above;

    private TreeDifference(Tree parent, Tree child, PackOptions options)
    {
        (_parent, _child, _options) = (parent, child, options);
        _below = parent.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        _above = child.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
    }

    /// <summary>The layer that leads from <paramref name="parent"/> to <paramref name="child"/>.</summary>
    /// <exception cref="TreeRefusedException">A name in the child, or a whiteout that was asked for, cannot be in a layer; all of them are listed.</exception>
    public static LayerContents Between(Tree parent, Tree child, PackOptions options, CancellationToken cancellation, IProgress<PackProgress>? progress = null) =>
        new TreeDifference(parent, child, options).Find(progress, cancellation);

    private LayerContents Find(IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        var changed = Changed(progress, cancellation);
        var links = new HardLinks(_child);
        HardLinks.Complete(_child, links, new HardLinks(_parent), changed, _above.ContainsKey);
        var removed = _parent.Entries.Where(IsRemoved).Select(entry => entry.Path).ToList();
        var whiteouts = removed.Select(Whiteout.Deleting).Concat(AskedWhiteouts()).DistinctBy(entry => entry.Name).ToList();
        RefuseReserved(changed.Concat(removed));

        var leading = Leading(changed.Concat(whiteouts.Select(entry => entry.Name)));
        var items = _child.Entries
            .Where(entry => changed.Contains(entry.Path) || leading.Contains(entry.Path))
            .Select(entry => Item(entry, links))
            .Concat(whiteouts.Select(entry => new LayerItem(entry, null)))
            .ToList();
        if (whiteouts.Count > 0) items.Sort((one, other) => TreeOrder.Instance.Compare(one.Entry.Name, other.Entry.Name));
        var added = changed.Count(path => !_below.ContainsKey(path));
        return new(_child.Root, items, new(added, changed.Count - added, whiteouts.Count));
    }

    private HashSet<string> Changed(IProgress<PackProgress>? progress, CancellationToken cancellation)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        var unsure = new List<TreeEntry>();
        foreach (var entry in _child.Entries)
        {
            if (!_below.TryGetValue(entry.Path, out var before) || DiffersOutside(before, entry)) changed.Add(entry.Path);
            else if (entry.Status is not { Kind: FileKind.File, Size: > 0 }) continue;
            else if (entry.Content is not null || before.Content is not null) AddIfDifferent(before, entry, changed);
            else if (before.Identity != entry.Identity) unsure.Add(entry);
        }
        changed.UnionWith(ContentComparison.FindDifferent(_parent, _child, unsure, _options.Workers, progress, cancellation));
        return changed;
    }

    private void AddIfDifferent(TreeEntry before, TreeEntry after, HashSet<string> changed)
    {
        if (!ContentComparison.BytesOf(_parent, before).SequenceEqual(ContentComparison.BytesOf(_child, after))) changed.Add(after.Path);
    }

    private bool DiffersOutside(TreeEntry before, TreeEntry after)
    {
        var (b, a) = (before.Status, after.Status);
        return b.Kind != a.Kind
            || b.Uid != a.Uid || b.Gid != a.Gid
            || (b.Mode != a.Mode && a.Kind != FileKind.SymbolicLink)
            || (b.Size != a.Size && a.Kind == FileKind.File)
            || (b.RdevMajor, b.RdevMinor) != (a.RdevMajor, a.RdevMinor)
            || before.LinkTarget != after.LinkTarget
            || !before.Attributes.Equals(after.Attributes)
            || (_options.KeepTimes && b.ModifiedAt != a.ModifiedAt);
    }

    /// <summary>Gone from a directory that is still one; what is below something gone goes with it.</summary>
    private bool IsRemoved(TreeEntry entry) =>
        !_above.ContainsKey(entry.Path) && _above.TryGetValue(entry.ParentPath, out var parent) && parent.Status.Kind == FileKind.Directory;

    private List<TarEntry> AskedWhiteouts()
    {
        List<string> problems = [];
        List<TarEntry> entries = [];
        foreach (var asked in _options.Whiteouts)
        {
            var path = asked.Trim('/');
            if (!asked.StartsWith('/') || path.Length == 0 || path.Split('/') is var parts && parts.Any(part => part is "" or "." or ".."))
                problems.Add($"The whiteout '{asked}' is not an absolute path without '.' and '..'; write /a/b to hide that or /a/b/* to hide all that is in it.");
            else if (path == "*" || path.EndsWith("/*", StringComparison.Ordinal)) entries.Add(Whiteout.Emptying(path[..^1].TrimEnd('/')));
            else entries.Add(Whiteout.Deleting(path));
        }
        return problems.Count == 0 ? entries : throw new TreeRefusedException(problems);
    }

    private void RefuseReserved(IEnumerable<string> paths)
    {
        var reserved = paths.Where(path => Whiteout.IsReserved(path[(path.LastIndexOf('/') + 1)..])).Order(StringComparer.Ordinal).ToList();
        if (reserved.Count > 0)
            throw new TreeRefusedException([.. reserved.Select(path => $"'{path}' in '{(_above.ContainsKey(path) ? _child : _parent).Root}' begins with '.wh.', which in a layer means a deletion; rename or remove it.")]);
    }

    private static HashSet<string> Leading(IEnumerable<string> paths)
    {
        // The root always: overlayfs shows the root of the topmost layer, so each has to have the right one.
        var leading = new HashSet<string>(StringComparer.Ordinal) { "" };
        foreach (var path in paths)
        {
            for (var above = path; above.Length > 0;)
            {
                above = TreeOrder.Above(above);
                if (!leading.Add(above)) break;
            }
        }
        return leading;
    }

    private static LayerItem Item(TreeEntry entry, HardLinks links)
    {
        var first = links.NamesWith(entry.Path) is [var name, ..] && name != entry.Path ? name : null;
        var status = entry.Status;
        var tar = new TarEntry
        {
            Name = entry.Path,
            Kind = first is not null ? TarEntryKind.HardLink : KindOf(status.Kind),
            Mode = status.Mode,
            Uid = status.Uid,
            Gid = status.Gid,
            ModifiedAt = status.ModifiedAt,
            Size = first is null && status.Kind == FileKind.File ? status.Size : 0,
            LinkTarget = first ?? entry.LinkTarget,
            DeviceMajor = status.RdevMajor,
            DeviceMinor = status.RdevMinor,
            Attributes = first is null ? entry.Attributes : [],
        };
        return new(tar, tar.Size > 0 && entry.Content is null ? entry.Path : null) { Content = entry.Content };
    }

    private static TarEntryKind KindOf(FileKind kind) => kind switch
    {
        FileKind.Directory => TarEntryKind.Directory,
        FileKind.SymbolicLink => TarEntryKind.SymbolicLink,
        FileKind.Fifo => TarEntryKind.Fifo,
        FileKind.CharacterDevice => TarEntryKind.CharacterDevice,
        FileKind.BlockDevice => TarEntryKind.BlockDevice,
        _ => TarEntryKind.File,
    };
}
