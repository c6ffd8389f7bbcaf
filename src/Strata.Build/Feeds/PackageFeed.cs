using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>Where a target's packages come from.</summary>
/// <remarks>Source: docs/formats/target.md, "Feeds".</remarks>
public sealed record PackageFeed
{
    /// <summary>What stands there.</summary>
    public required FeedKind Kind { get; init; }

    /// <summary>How packages get into a tree. Default <see cref="FeedMode.Install"/>.</summary>
    public FeedMode Mode { get; init; } = FeedMode.Install;

    /// <summary>Of a Debian archive: <c>bookworm</c>, with its updates and its security; null for a folder.</summary>
    public string? Suite { get; init; }

    /// <summary>Full path of the folder; null for a Debian archive.</summary>
    public string? Folder { get; init; }

    /// <summary>What package architectures the target takes, in the feed's own words; empty for what is usual for its machine.</summary>
    public EquatableList<string> Architectures { get; init; } = [];

    /// <summary>For people: the suite or the folder.</summary>
    public string Name => Suite ?? Folder ?? "";

    /// <summary>The kind as a target file writes it.</summary>
    public string KindName => Kind.ToString().ToLowerInvariant();

    /// <summary>The mode as a target file writes it.</summary>
    public string ModeName => Mode.ToString().ToLowerInvariant();
}

/// <summary>Kinds of feed; a target file writes them in lower case.</summary>
public enum FeedKind
{
    /// <summary>A Debian archive, as the machine's own apt reaches it.</summary>
    Debian,

    /// <summary>A folder of Debian packages.</summary>
    Deb,

    /// <summary>A folder of opkg packages, as Yocto leaves one.</summary>
    Ipk,

    /// <summary>A folder of RPM packages, as Yocto leaves one.</summary>
    Rpm,
}

/// <summary>How packages get into a tree; a target file writes them in lower case.</summary>
public enum FeedMode
{
    /// <summary>By their package manager with their scripts, as an image build does.</summary>
    Install,

    /// <summary>Content alone; no script runs.</summary>
    Unpack,
}
