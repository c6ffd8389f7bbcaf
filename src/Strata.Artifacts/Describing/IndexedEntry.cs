using System.Globalization;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Describing;

/// <summary>One entry of a layer, as <c>files.json</c> has it.</summary>
/// <param name="Path">Relative to the root, empty for the root itself, see <see cref="Printable"/>; of a deletion, what it deletes.</param>
/// <param name="Kind">What stands there.</param>
public sealed record IndexedEntry(string Path, IndexedKind Kind)
{
    /// <summary>Four octal digits; null for deletions.</summary>
    public string? Mode { get; init; }

    /// <summary>Owner, by number; null for deletions.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group, by number; null for deletions.</summary>
    public uint? Gid { get; init; }

    /// <summary>Bytes of a file; null for everything else.</summary>
    public long? Size { get; init; }

    /// <summary>SHA-256 of a file's bytes in lower-case hex; null for everything else.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Target of a symbolic link as written, or the other name of a hard link; null for everything else.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Major and minor number of a device, <c>5,1</c>; null for everything else.</summary>
    public string? Device { get; init; }

    /// <summary>Extended attributes: value in lower-case hex by name; null when there are none.</summary>
    public SortedDictionary<string, string>? Attributes { get; init; }

    /// <summary>The package that owns it; null when none does.</summary>
    public string? Package { get; init; }

    /// <summary>The line of an entry.</summary>
    public static IndexedEntry Of(FoundEntry found)
    {
        var entry = found.Entry;
        switch (Whiteout.Of(entry))
        {
            case WhiteoutMeaning.Deletes(var path): return new(Printable.Path(path), IndexedKind.Deleted);
            case WhiteoutMeaning.Empties(var path): return new(Printable.Path(path), IndexedKind.Emptied);
        }
        return new(Printable.Path(entry.Name), KindOf(entry.Kind))
        {
            Mode = Convert.ToString(entry.Mode, 8).PadLeft(4, '0'),
            Uid = entry.Uid,
            Gid = entry.Gid,
            Size = entry.Kind == TarEntryKind.File ? entry.Size : null,
            Sha256 = found.Sha256,
            LinkTarget = entry.Kind is TarEntryKind.SymbolicLink or TarEntryKind.HardLink ? Printable.Path(entry.LinkTarget) : null,
            Device = entry.Kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice ? string.Create(CultureInfo.InvariantCulture, $"{entry.DeviceMajor},{entry.DeviceMinor}") : null,
            Attributes = entry.Attributes.Count == 0 ? null : new(entry.Attributes.ToDictionary(a => Printable.Path(a.Name), a => a.Value), StringComparer.Ordinal),
            Package = found.Package,
        };
    }

    private static IndexedKind KindOf(TarEntryKind kind) => kind switch
    {
        TarEntryKind.File => IndexedKind.File,
        TarEntryKind.Directory => IndexedKind.Directory,
        TarEntryKind.SymbolicLink => IndexedKind.SymbolicLink,
        TarEntryKind.HardLink => IndexedKind.HardLink,
        TarEntryKind.Fifo => IndexedKind.Fifo,
        TarEntryKind.CharacterDevice => IndexedKind.CharacterDevice,
        TarEntryKind.BlockDevice => IndexedKind.BlockDevice,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind."),
    };
}
