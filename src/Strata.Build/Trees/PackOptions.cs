using Strata.Artifacts.Compression;

namespace Strata.Build.Trees;

/// <summary>How two trees become a layer.</summary>
public sealed record PackOptions
{
    /// <summary>Leave out what differs from build to build and says nothing, by the list in docs/formats/normalise.md. Default false.</summary>
    public bool Normalise { get; init; }

    /// <summary>Entries that differ in their time alone are in the layer too. Default false.</summary>
    public bool KeepTimes { get; init; }

    /// <summary>Later times become this one, in seconds since 1970; null leaves them. Default null.</summary>
    public long? LatestTime { get; init; }

    /// <summary>Deletions to add: <c>/a/b</c> hides that, <c>/a/b/*</c> hides all that lower layers have in <c>/a/b</c>. Default none.</summary>
    public IReadOnlyList<string> Whiteouts { get; init; } = [];

    /// <summary>Of gzip, 1 to 9. Default <see cref="FixedBlockGzipStream.DefaultLevel"/>.</summary>
    public int Level { get; init; } = FixedBlockGzipStream.DefaultLevel;

    /// <summary>Files compared and blocks deflated side by side; changes the speed and never the bytes. Default: one for each processor, and at most eight, which bounds the memory.</summary>
    public int Workers { get; init; } = Math.Min(Environment.ProcessorCount, MostWorkers);

    private const int MostWorkers = 8; // about 8 MiB each
}

/// <summary>What packing is doing.</summary>
public enum PackPhase
{
    /// <summary>Listing the two trees.</summary>
    Scanning,

    /// <summary>Reading files of equal size to see whether they differ.</summary>
    Comparing,

    /// <summary>Writing the layer.</summary>
    Packing,
}

/// <summary>How far a phase has come.</summary>
/// <param name="Done">Bytes.</param>
/// <param name="Total">Bytes; 0 when that is not known.</param>
public readonly record struct PackProgress(PackPhase Phase, long Done, long Total);
