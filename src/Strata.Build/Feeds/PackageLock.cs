using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>The packages that a build takes from a feed, each pinned to its content. Names no host.</summary>
/// <param name="Feed">Kind of feed: <c>debian</c>.</param>
/// <param name="Suite">For example <c>bookworm</c>.</param>
/// <param name="Architecture">The feed's name for it, <c>amd64</c>.</param>
/// <param name="Packages">In ordinal order of name.</param>
public sealed record PackageLock(string Feed, string Suite, string Architecture, EquatableList<LockedPackage> Packages)
{
    /// <summary>Counts up whenever the file's meaning changes.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>Newest time of a package's making, Unix seconds: what the layer's times are clamped to. 0 until the packages are at hand.</summary>
    public long Time { get; init; }

    /// <summary>Bytes of all packages.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Size => Packages.Sum(p => p.Size);
}

/// <summary>One pinned package.</summary>
/// <param name="Path">Where the feed keeps it, from its own root: <c>pool/main/s/six/python3-six_1.16.0-4_all.deb</c>.</param>
/// <param name="Size">In bytes.</param>
public sealed record LockedPackage(string Name, string Version, string Architecture, Digest Sha256, string Path, long Size);
