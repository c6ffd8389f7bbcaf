namespace Strata.Artifacts.Tar;

/// <summary>Watches a layer's entries go by and refuses what no unit could unpack: a published layer cannot be mended.</summary>
/// <param name="keep">Told how many characters are kept for each new name; it may refuse.</param>
internal sealed class LayerLayout(Action<int> keep)
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal) { [""] = Place.Implied };

    private enum Place
    {
        /// <summary>A directory that only its content shows.</summary>
        Implied,
        Directory,
        Other,
    }

    /// <summary>The next entry.</summary>
    /// <exception cref="ArchiveRefusedException">It stands twice, lies below a link or file, or links to what is not there.</exception>
    public void Add(TarEntry entry)
    {
        var meaning = Whiteout.Of(entry);
        if (meaning is WhiteoutMeaning.Malformed) throw Refuse(ArchiveFault.Misplaced, entry, "is a whiteout that names nothing");
        if (entry.Kind != TarEntryKind.Directory && entry.Name.Length == 0)
            throw Refuse(ArchiveFault.Misplaced, entry, "would replace the root by something that is no directory");
        if (entry.Name.Length > 0) EnterParent(entry, entry.ParentName);
        if (meaning is not WhiteoutMeaning.None) return;
        if (entry.Kind == TarEntryKind.HardLink && !(_places.TryGetValue(entry.LinkTarget, out var target) && target == Place.Other))
            throw Refuse(ArchiveFault.Misplaced, entry, $"is a hard link to '{entry.LinkTarget}', which does not stand before it in the layer");
        var isKnown = _places.TryGetValue(entry.Name, out var present);
        var isDirectory = entry.Kind == TarEntryKind.Directory;
        if (isKnown && !(isDirectory && present == Place.Implied)) throw Refuse(ArchiveFault.Duplicate, entry, "stands twice in the layer");
        if (!isKnown) keep(entry.Name.Length);
        _places[entry.Name] = isDirectory ? Place.Directory : Place.Other;
    }

    private void EnterParent(TarEntry entry, string parent)
    {
        for (; ; parent = parent.LastIndexOf('/') is > 0 and var slash ? parent[..slash] : "")
        {
            if (_places.TryGetValue(parent, out var place))
            {
                if (place == Place.Other)
                    throw Refuse(ArchiveFault.Misplaced, entry, $"lies below '{parent}', which is a link or a file in the same layer");
                return; // what is above it was looked at when it came in
            }
            keep(parent.Length);
            _places[parent] = Place.Implied;
        }
    }

    private static ArchiveRefusedException Refuse(ArchiveFault fault, TarEntry entry, string found) => new(fault, entry.Name, $"{entry} {found}.");
}
