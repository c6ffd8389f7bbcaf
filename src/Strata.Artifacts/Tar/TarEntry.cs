using System.Globalization;
using Strata.Model.Identity;

namespace Strata.Artifacts.Tar;

/// <summary>What an entry of a tar is; the names are those of POSIX.</summary>
public enum TarEntryKind
{
    /// <summary>A file with content.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link; its target is free text.</summary>
    SymbolicLink,

    /// <summary>Another name of a file that stands earlier in the same tar.</summary>
    HardLink,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A block device.</summary>
    BlockDevice,
}

/// <summary>One entry of a tar: everything but its content.</summary>
/// <remarks>Names and targets are <see cref="ByteText"/>. Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block".</remarks>
public sealed record TarEntry
{
    /// <summary>Path relative to the root, without <c>./</c> at its start and without a slash at either end; empty for the root itself.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required TarEntryKind Kind { get; init; }

    /// <summary>Permission bits with setuid, setgid and sticky: the low twelve.</summary>
    public int Mode { get; init; }

    /// <summary>Owner, by number.</summary>
    public uint Uid { get; init; }

    /// <summary>Group, by number.</summary>
    public uint Gid { get; init; }

    /// <summary>Time of last change in seconds since 1970; parts of a second are dropped.</summary>
    public long ModifiedAt { get; init; }

    /// <summary>Bytes of content; 0 for everything but a file.</summary>
    public long Size { get; init; }

    /// <summary>Target of a symbolic link as written, or name of the earlier entry for a hard link; empty otherwise.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>Major device number.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>Minor device number.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Extended attributes in ordinal order of their names; file capabilities are <c>security.capability</c>.</summary>
    public EquatableList<ExtendedAttribute> Attributes { get; init; } = [];

    /// <summary>The last part of the name; empty for the root.</summary>
    public string BaseName => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>The path above it; empty for the root and what stands directly in it.</summary>
    public string ParentName => Name.LastIndexOf('/') is > 0 and var slash ? Name[..slash] : "";

    /// <summary>The name and kind, for messages.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} '{Quote.Short(Name.Length == 0 ? "." : Name)}'");
}

/// <summary>One extended attribute.</summary>
/// <param name="Name">With its name space: <c>user.note</c>, <c>security.capability</c>.</param>
/// <param name="Value">Free bytes, here in lower-case hex so that equal attributes are equal values.</param>
public sealed record ExtendedAttribute(string Name, string Value)
{
    /// <summary>An attribute from its raw value.</summary>
    public static ExtendedAttribute Of(string name, ReadOnlySpan<byte> value) => new(name, Convert.ToHexStringLower(value));

    /// <summary>The raw value.</summary>
    public byte[] Bytes() => Convert.FromHexString(Value);
}
