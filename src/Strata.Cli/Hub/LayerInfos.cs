using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Hub;

/// <summary>A layer.</summary>
/// <param name="Versions">Newest first; in the hub's list of layers the newest ten.</param>
/// <param name="VersionCount">How many there are in all.</param>
internal sealed record LayerInfo(
    string Id, string Codename, string Owner, string? Title, string[] Aliases, string[] Platforms, LayerVersionEntry[] Versions, int VersionCount)
{
    /// <summary>Whether its owner recommends it to the caller.</summary>
    public bool IsRecommended { get; init; }

    /// <summary>Whether new versions are on trial until they are released.</summary>
    public bool StartsAsCandidate { get; init; }

    /// <summary>Who may use it and to whom it is recommended; null to who is not its owner.</summary>
    public LayerSharingInfo? Sharing { get; init; }
}

/// <summary>Who may use a layer and to whom it is recommended.</summary>
/// <param name="IsOpen">Whether service providers that are not named may use it.</param>
internal sealed record LayerSharingInfo(bool IsOpen, string[] SharedWith, string[] HiddenFrom, bool IsRecommended, string[] RecommendedTo);

/// <summary>A version in a layer's list.</summary>
/// <param name="Size">Bytes of its archives.</param>
/// <param name="UnpackedSize">Bytes of their regular files.</param>
/// <param name="UsedBy">Services on units that hold it: <c>codename version</c>.</param>
internal sealed record LayerVersionEntry(string Version, string[] Platforms, long Size, long UnpackedSize, LifecycleInfo Lifecycle, string[] UsedBy);

/// <summary>Where a version stands in its life.</summary>
/// <param name="State"><c>candidate</c>, <c>released</c>, <c>deprecated</c>, <c>yanked</c>, <c>retired</c>.</param>
internal sealed record LifecycleInfo(string State, string? Reason, string? Successor, DateOnly? EndsOn)
{
    /// <summary>The state in words, with what its owner says of it.</summary>
    [JsonIgnore]
    public string Text => State
        + (EndsOn is { } day ? $", goes on {day:yyyy-MM-dd}" : "") + (Successor is null ? "" : $", take {Successor} instead") + (string.IsNullOrWhiteSpace(Reason) ? "" : $": {Reason}");
}

/// <summary>A layer version with all that the hub knows of it.</summary>
/// <param name="Features">OS features.</param>
/// <param name="Children">Layer versions that were built on it.</param>
/// <param name="Descriptions">The layer.json of each platform, as the hub derived it; <see cref="LayerDescriptionConverter"/> reads them.</param>
internal sealed record LayerVersionInfo(
    string Id,
    string Codename,
    string Owner,
    string Version,
    LifecycleInfo Lifecycle,
    string[] UsedBy,
    string[] Features,
    LayerImageInfo[] Images,
    LayerReference[] Children,
    ProvenanceInfo? Provenance,
    LayerDescription[] Descriptions);

/// <summary>A version's archive for one platform.</summary>
/// <param name="SavedOnUnits">Bytes that units need not store, since several of their services share it.</param>
internal sealed record LayerImageInfo(
    Platform Platform, string Digest, string DiffId, long Size, long UnpackedSize, LayerReference? Parent, SharedContentInfo[] Shared, long SavedOnUnits, SideDocument[] Documents);

/// <summary>How much of a version's content another one has.</summary>
/// <param name="Size">In bytes.</param>
internal sealed record SharedContentInfo(string Owner, string Codename, string Version, long Size);

/// <summary>Who brought a version, when, in what.</summary>
/// <param name="Owner">Domain in whose name it was signed.</param>
/// <param name="BundleId">Null to who may not read the owner's bundles; so are <paramref name="SignedBy"/> and <paramref name="Subject"/>.</param>
internal sealed record ProvenanceInfo(string Owner, string? BundleId, string BundleDigest, string? SignedBy, string? Subject, string? Kid, DateTimeOffset JudgedAt);

/// <summary>A library of a layer.</summary>
internal sealed record LayerLibraryInfo(string Type, string Name, string Version, string? License, string? Purl, string? Package, int Files, string[] Sonames);

/// <summary>A service version that has a layer version, and the units that shall have both.</summary>
internal sealed record LayerUserInfo(string ServiceId, string Codename, string Owner, string Version, string Layer, string[] Units, string[] How);

/// <summary>One side of a comparison.</summary>
internal sealed record ComparedSideInfo(SemanticVersion Version, string Digest, DiffId DiffId, long Size, long UnpackedSize, int Entries);

/// <summary>What differs between two versions; the lists are parts of the whole ones.</summary>
internal sealed record LayerComparisonInfo(
    string Platform, ComparedSideInfo From, ComparedSideInfo To, string Needed, Page<LibraryChangeInfo> Libraries, Page<PathChangeInfo> Paths, Page<SymbolChangeInfo> Symbols);

/// <summary>A library that is new, gone or in another version.</summary>
internal sealed record LibraryChangeInfo(string Type, string Name, string? Old, string? New, string Needs);

/// <summary>A path that differs.</summary>
internal sealed record PathChangeInfo(string Path, string What, string Needs);

/// <summary>A name that others link to, gone or new.</summary>
internal sealed record SymbolChangeInfo(string Soname, string? Symbol, string What, string Needs);

/// <summary>JSON of the hub's layers, snake_case as all of its API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(LayerDescriptionConverter), typeof(DigestConverter), typeof(DiffIdConverter), typeof(PlatformConverter), typeof(SemanticVersionConverter)])]
[JsonSerializable(typeof(LayerInfo))]
[JsonSerializable(typeof(Page<LayerInfo>))]
[JsonSerializable(typeof(LayerVersionInfo))]
[JsonSerializable(typeof(Page<LayerLibraryInfo>))]
[JsonSerializable(typeof(Page<LayerUserInfo>))]
[JsonSerializable(typeof(LayerComparisonInfo))]
[JsonSerializable(typeof(SearchInfo))]
internal sealed partial class HubLayerJson : JsonSerializerContext;
