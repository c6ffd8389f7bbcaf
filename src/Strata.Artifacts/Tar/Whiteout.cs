namespace Strata.Artifacts.Tar;

/// <summary>How an OCI layer says that something of the layers below it is gone.</summary>
/// <remarks>Source: OCI image-spec 1.1, layer.md, "Whiteouts".</remarks>
public static class Whiteout
{
    /// <summary>What the name of a deletion begins with.</summary>
    public const string Prefix = ".wh.";

    /// <summary>The entry that hides everything below it in a directory.</summary>
    public const string Opaque = ".wh..wh..opq";

    /// <summary>Whether a file of this base name could be told from a whiteout; if not, no OCI layer can carry it.</summary>
    public static bool IsReserved(string baseName) => baseName.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The entry that deletes <paramref name="path"/>.</summary>
    public static TarEntry Deleting(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        return new() { Name = string.Concat(path.AsSpan(0, slash), Prefix, path.AsSpan(slash)), Kind = TarEntryKind.File };
    }

    /// <summary>The entry that empties the directory <paramref name="path"/> of what is below.</summary>
    public static TarEntry Emptying(string path) => new() { Name = path.Length == 0 ? Opaque : $"{path}/{Opaque}", Kind = TarEntryKind.File };

    /// <summary>What an entry means to a layer; a whiteout is recognised by its name alone.</summary>
    public static WhiteoutMeaning Of(TarEntry entry)
    {
        var name = entry.BaseName;
        if (!IsReserved(name)) return new WhiteoutMeaning.None();
        if (name == Opaque) return new WhiteoutMeaning.Empties(entry.ParentName);
        var hidden = name[Prefix.Length..];
        return hidden is "" or "." or ".." || hidden.StartsWith(Prefix, StringComparison.Ordinal)
            ? new WhiteoutMeaning.Malformed()
            : new WhiteoutMeaning.Deletes(entry.ParentName.Length == 0 ? hidden : $"{entry.ParentName}/{hidden}");
    }
}

/// <summary>What an entry's name says about the layers below.</summary>
public abstract record WhiteoutMeaning
{
    private WhiteoutMeaning()
    {
    }

    /// <summary>Nothing: it is an ordinary entry.</summary>
    public sealed record None : WhiteoutMeaning;

    /// <summary><paramref name="Path"/> is gone.</summary>
    public sealed record Deletes(string Path) : WhiteoutMeaning;

    /// <summary>Everything that lower layers have in <paramref name="Path"/> is gone.</summary>
    public sealed record Empties(string Path) : WhiteoutMeaning;

    /// <summary>It begins as a whiteout but names nothing that could be deleted.</summary>
    public sealed record Malformed : WhiteoutMeaning;
}
