namespace Strata.Artifacts.Tar;

/// <summary>What is wrong with an archive.</summary>
public enum ArchiveFault
{
    /// <summary>It is no tar, or breaks off, or a checksum does not hold.</summary>
    Damaged,

    /// <summary>A name or hard link leads out of the root.</summary>
    Escapes,

    /// <summary>A device node, which no layer may bring to a unit.</summary>
    Device,

    /// <summary>A kind of entry or compression that is not read: sparse, multi-volume, zstd.</summary>
    Unsupported,

    /// <summary>More entries, longer names, more bytes or a higher compression ratio than the limits allow.</summary>
    TooLarge,

    /// <summary>The same name twice.</summary>
    Duplicate,

    /// <summary>An entry that cannot be placed: below a link or a file, a hard link to nothing, a whiteout that names nothing.</summary>
    Misplaced,
}

/// <summary>An archive is not acceptable. Retrying will not help; its maker has to mend it.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="entry">Name of the entry it is about; empty when it is about the archive.</param>
/// <param name="message">A sentence that says what was found.</param>
public sealed class ArchiveRefusedException(ArchiveFault fault, string entry, string message) : IOException(message)
{
    /// <summary>What is wrong.</summary>
    public ArchiveFault Fault { get; } = fault;

    /// <summary>Name of the entry it is about; empty when it is about the archive.</summary>
    public string Entry { get; } = entry;
}
