namespace Strata.Artifacts.Tar;

/// <summary>How much of an archive from elsewhere is read before it is refused.</summary>
/// <remarks>The defaults pass a full distribution image and stop a bomb; every reader of foreign archives takes them.</remarks>
public sealed record ArchiveLimits
{
    /// <summary>The defaults.</summary>
    public static ArchiveLimits Default { get; } = new();

    /// <summary>Entries in one archive. Default 1 000 000.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>Bytes of a name or link target. Default 4096, Linux's PATH_MAX.</summary>
    public int MaxNameBytes { get; init; } = 4096;

    /// <summary>Directories that a name may lie below. Default 256: each is one open file while a layer is unpacked.</summary>
    public int MaxDepth { get; init; } = 256;

    /// <summary>Bytes of the extended headers of one entry. Default 1 MiB: more than any file system keeps in attributes.</summary>
    public int MaxExtendedHeaderBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of the whole tar. Default 64 GiB.</summary>
    public long MaxTarBytes { get; init; } = 64L << 30;

    /// <summary>Uncompressed bytes per compressed byte, judged once <see cref="RatioFreeBytes"/> have come. Default 400.</summary>
    public int MaxRatio { get; init; } = 400;

    /// <summary>Uncompressed bytes that any archive may have, whatever its ratio. Default 64 MiB.</summary>
    public long RatioFreeBytes { get; init; } = 64L << 20;

    /// <summary>Whether character and block devices are read. Default false: a layer for a unit has none; a base root file system may.</summary>
    public bool Devices { get; init; }
}
