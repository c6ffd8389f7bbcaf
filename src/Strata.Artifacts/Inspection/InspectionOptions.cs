using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Inspection;

/// <summary>How much of a layer is looked into.</summary>
public sealed record InspectionOptions
{
    /// <summary>How much of the archive is read before it is refused; device nodes are read when it says so.</summary>
    public ArchiveLimits Limits { get; init; } = ArchiveLimits.Default;

    /// <summary>Keep each entry, and each file's size and hashes, as file lists and software bills of materials have them. Default false.</summary>
    public bool Files { get; init; }

    /// <summary>Read the dynamic symbols of ELF files. Default false.</summary>
    public bool Symbols { get; init; }

    /// <summary>Gives an empty stream that can be sought in, for one ELF file or package database larger than <see cref="LargestInMemory"/>; closed after use.</summary>
    /// <remarks>A layer is read forwards, and such a file's tables point anywhere in it. Without it, larger ones are reported and not looked into.</remarks>
    public Func<Stream>? Spool { get; init; }

    /// <summary>Bytes of a file that is held in memory while it is looked into.</summary>
    public const int LargestInMemory = 8 << 20;

    /// <summary>Bytes of the largest file that is looked into.</summary>
    public const long LargestSpooled = 4L << 30;
}
