using System.Text.Json.Serialization;
using Strata.Model.Identity;

namespace Strata.Build.Feeds;

/// <summary>The packages that a layer takes from a feed, each pinned to its content. Names no host.</summary>
/// <param name="Feed">Kind of feed.</param>
/// <param name="Suite">Of a Debian archive, for example <c>bookworm</c>; null for folders.</param>
/// <param name="Architecture">The package manager's name for it, <c>amd64</c>.</param>
/// <param name="Packages">In ordinal order of name.</param>
/// <remarks>Source: docs/formats/target.md, "packages.lock".</remarks>
public sealed record PackageLock(FeedKind Feed, string? Suite, string Architecture, EquatableList<LockedPackage> Packages)
{
    /// <summary>The format that this release writes.</summary>
    public const int CurrentFormat = 2;

    /// <summary>Counts up whenever the file's meaning changes.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>How the packages get into the tree.</summary>
    public FeedMode Mode { get; init; }

    /// <summary>Identity of the base that they were found for; null when it is not known yet.</summary>
    public Digest? Base { get; init; }

    /// <summary>What was asked for, by the feed's names, in ordinal order.</summary>
    public EquatableList<string> Requests { get; init; } = [];

    /// <summary>Newest time of a package's making, Unix seconds: what the layer's times are clamped to. 0 until the packages are at hand.</summary>
    public long Time { get; init; }

    /// <summary>Bytes of all packages.</summary>
    [JsonIgnore]
    public long Size => Packages.Sum(p => p.Size);

    /// <summary>Whether a feed of this kind has packages of the same format.</summary>
    public bool IsOfFormat(FeedKind kind) => kind == Feed || (kind is FeedKind.Debian or FeedKind.Deb && Feed is FeedKind.Debian or FeedKind.Deb);
}

/// <summary>One pinned package.</summary>
/// <param name="Architecture">As the package has it.</param>
/// <param name="Path">Where the feed keeps it, from its own root: <c>pool/main/s/six/python3-six_1.16.0-4_all.deb</c>.</param>
/// <param name="Size">In bytes.</param>
public sealed record LockedPackage(string Name, string Version, string Architecture, Digest Sha256, string Path, long Size)
{
    /// <summary>When packages are unpacked: the scripts that an installation would have run. Null when there are none, or when they did run.</summary>
    public EquatableList<string>? SkippedScripts { get; init; }

    /// <summary>A file name for it: the last part of <see cref="Path"/>.</summary>
    [JsonIgnore]
    public string FileName => Path[(Path.LastIndexOf('/') + 1)..];
}
