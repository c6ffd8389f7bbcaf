using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Hub.Catalogues;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.Browsing;

/// <summary>A part of a list. Source: facts on AosEdge, e.4.</summary>
/// <param name="Total">How many there are in all.</param>
/// <param name="Offset">How many of them stand before this part.</param>
/// <param name="NextCursor">Asks, as <c>cursor</c>, for what comes behind this part, whatever was made or removed meanwhile; null at the end, and in lists that are read by <c>offset</c> alone.</param>
public sealed record Page<T>(T[] Items, int Total, int Offset, string? NextCursor = null);

/// <summary>Who is asking, as the hub sees it.</summary>
public sealed record MeDocument(string Name, string Role, string Owner, Guid OwnerId, string[] Permissions);

/// <summary>A bundle.</summary>
/// <param name="State"><c>uploaded</c>, <c>processing</c>, <c>done</c>, <c>error</c>.</param>
/// <param name="BuildInfo">Null until it was judged; then every reason or note, one a line.</param>
/// <param name="Step">The last step that was done: <c>received</c>, <c>verified</c>, <c>unpacked</c>, <c>checked</c>, <c>described</c>, <c>stored</c>, <c>ready</c>.</param>
public sealed record BundleDocument(
    Guid Id, string State, BundleItemDocument[]? Items, string? BuildInfo, long FileSize, Digest Digest, string Owner, DateTimeOffset ReceivedAt, string Step, DateTimeOffset? JudgedAt);

/// <summary>An item of a bundle.</summary>
public sealed record BundleItemDocument(Guid? Id, string Type, string Codename, string Version);

/// <summary>A layer.</summary>
/// <param name="Platforms">Those of all its versions.</param>
/// <param name="Versions">Newest first; in the list of layers the newest ten.</param>
/// <param name="VersionCount">How many there are in all.</param>
/// <param name="IsRecommended">Whether its owner recommends it to the reader.</param>
/// <param name="StartsAsCandidate">Whether new versions are on trial until they are released.</param>
/// <param name="Sharing">Who may use it and to whom it is recommended; null to who is not its owner.</param>
public sealed record LayerDocument(
    Guid Id, string Codename, string Owner, string? Title, string[] Aliases, string[] Platforms, LayerVersionEntry[] Versions, int VersionCount,
    bool IsRecommended, bool StartsAsCandidate, LayerSharingDocument? Sharing);

/// <summary>One version of a layer in a list.</summary>
/// <param name="Size">Bytes of its archives.</param>
/// <param name="UnpackedSize">Bytes of their regular files.</param>
/// <param name="UsedBy">Services whose composed images on units hold it: <c>codename version</c>.</param>
public sealed record LayerVersionEntry(string Version, string[] Platforms, long Size, long UnpackedSize, LifecycleDocument Lifecycle, string[] UsedBy);

/// <summary>Where a version stands in its life.</summary>
/// <param name="State"><c>candidate</c>, <c>released</c>, <c>deprecated</c>, <c>yanked</c>, <c>retired</c>.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Successor">The version to take instead of a deprecated one.</param>
/// <param name="EndsOn">The day on which a deprecated one shall be gone.</param>
public sealed record LifecycleDocument(string State, string? Reason, string? Successor, DateOnly? EndsOn);

/// <summary>A layer version with what is in it.</summary>
/// <param name="UsedBy">As in <see cref="LayerVersionEntry"/>.</param>
/// <param name="Features">The OS features, packages that the recipe asks for, on all its platforms.</param>
/// <param name="Images">Its archive for each platform.</param>
/// <param name="Children">Versions of layers that were built on it, of those that the reader may see.</param>
/// <param name="Provenance">Who brought it, as much as the reader may know; null when nobody wrote it down.</param>
/// <param name="Descriptions">Its layer.json for each platform, derived from content.</param>
public sealed record LayerVersionDocument(
    Guid Id,
    string Codename,
    string Owner,
    string Version,
    LifecycleDocument Lifecycle,
    string[] UsedBy,
    string[] Features,
    LayerImageDocument[] Images,
    LayerReference[] Children,
    Provenance? Provenance,
    LayerDescription[] Descriptions);

/// <summary>A service.</summary>
public sealed record ServiceDocument(
    Guid Id, string Codename, string Owner, string? Title, string? Description, ServiceVersionDocument[] Versions);

/// <summary>A service version.</summary>
/// <param name="Needs">As the service states them, in declared order.</param>
/// <param name="Resolved">What they resolve to in the catalogue of this moment, on any base: one for each OEM and platform.</param>
public sealed record ServiceVersionDocument(Guid Id, string Version, string[] Platforms, NeedDocument[] Needs, ResolvedDocument[] Resolved);

/// <summary>A layer need.</summary>
/// <param name="Versions">Comparators; null is any release.</param>
public sealed record NeedDocument(string Layer, string? Versions, bool IncludePreRelease);

/// <summary>A resolution of one service version.</summary>
/// <param name="Oem">Whose layers it was resolved among.</param>
/// <param name="Layers">Topmost first; empty when it is unmet. What others are built on is left out where it is not shared with the reader.</param>
/// <param name="Reasons">The explanation, or the obstacles when it is unmet.</param>
public sealed record ResolvedDocument(string Oem, string Platform, bool IsMet, LayerReference[] Layers, string[] Reasons);

/// <summary>A layer version by name, with both digests.</summary>
public sealed record LayerReference(string Owner, string Codename, string Version, Digest Digest, DiffId DiffId, long Size);

/// <summary>A target.</summary>
/// <param name="Identity">Of its base.</param>
/// <param name="HasBase">Whether the base itself was published.</param>
/// <param name="Visible">Top folders of the base that services see.</param>
/// <param name="Packages">How many the base has.</param>
/// <param name="SharedWith">Domains of service providers, or <c>*</c>; empty to who is not its owner.</param>
/// <param name="Documents">What can be downloaded below <c>documents/</c>.</param>
/// <param name="SignedBy">Kid of the certificate; null in records of earlier releases.</param>
/// <param name="Earlier">Bases that stood under this name before, newest first.</param>
public sealed record TargetDocument(
    Guid Id,
    string Owner,
    string Name,
    Digest Identity,
    Platform Platform,
    bool HasBase,
    string[] Visible,
    int Packages,
    string[] SharedWith,
    SideDocument[] Documents,
    string? SignedBy,
    DateTimeOffset PublishedAt,
    TargetRevisionDocument[] Earlier);

/// <summary>A base that a target had before.</summary>
public sealed record TargetRevisionDocument(Digest Identity, DateTimeOffset PublishedAt);

/// <summary>Who may read a target: domains of service providers, or <c>*</c> alone for all.</summary>
public sealed record TargetSharingRequest(string[]? ServiceProviders);

/// <summary>A unit to register, or what is said of one anew.</summary>
/// <param name="SystemUid">Only when it is registered.</param>
/// <param name="Target">Name of a target; null when the model says it, or none is known.</param>
/// <param name="Model">Id or name of a unit model; its target is then the unit's.</param>
/// <param name="FleetOwner">Domain of the fleet owner in whose fleet it runs.</param>
public sealed record UnitRequest(string? SystemUid = null, string? Target = null, string? Model = null, string? FleetOwner = null);

/// <summary>A node of a unit, as it last reported it.</summary>
/// <param name="Ram">Bytes.</param>
public sealed record NodeDocument(string Id, string? Title, string State, bool IsConnected, string Os, long Ram, long MaxDmips);

/// <summary>A unit model to make, or what is said of one anew.</summary>
/// <param name="Version">1.0.0 when null at first.</param>
/// <param name="Target">Name of a published target.</param>
public sealed record UnitModelRequest(string? Name, string? Target, string? Version = null);

/// <summary>A unit model.</summary>
public sealed record UnitModelDocument(Guid Id, string Owner, string Name, string Version, string Target);

/// <summary>A service to make before its first bundle.</summary>
/// <param name="Codename">Null is the title.</param>
public sealed record ServiceRequest(string? Title = null, string? Description = null, string? Codename = null);

/// <summary>A service provider.</summary>
/// <param name="Title">Its domain.</param>
public sealed record ServiceProviderDocument(Guid Id, string Title, int Services);

/// <summary>A unit.</summary>
/// <param name="OnlineStatus"><c>Online</c> or <c>Offline</c>.</param>
/// <param name="Desired">What it shall have.</param>
/// <param name="Items">What it said it has.</param>
/// <param name="Obstacles">Why something assigned is not in the desired state, or not in its newest version.</param>
/// <param name="Source">Where what it has is known from: <c>status</c>, which it sent; <c>fleet-file</c>, until it sends one; <c>nothing</c>.</param>
/// <param name="Storage">Null when nobody knows.</param>
public sealed record UnitDocument(
    Guid Id,
    string SystemUid,
    string Owner,
    string? Target,
    string? Model,
    string? FleetOwner,
    string OnlineStatus,
    string[] Platforms,
    DesiredDocument[] Desired,
    UnitItemDocument[] Items,
    UnitInstanceDocument[] Instances,
    string[] Obstacles,
    DateTimeOffset? ReportedAt,
    string Source,
    StorageDocument? Storage);

/// <summary>The part of a unit's disk that services and layers may take.</summary>
/// <param name="Total">Bytes.</param>
/// <param name="Used">Bytes.</param>
public sealed record StorageDocument(long Total, long Used);

/// <summary>A service that a unit shall have.</summary>
public sealed record DesiredDocument(
    string Id, string Codename, string Version, string WireVersion, Digest IndexDigest, LayerReference[] Layers, string[] Reasons);

/// <summary>An item as the unit reports it, its version mapped back from the wire (decision 7).</summary>
public sealed record UnitItemDocument(string Id, string? Codename, string Version, string WireVersion, string State, string? Error, LayerReference[] Layers);

/// <summary>An instance as the unit reports it.</summary>
public sealed record UnitInstanceDocument(string ServiceId, string? Codename, string SubjectId, int Instance, string Version, string State, string? Error);

/// <summary>A subject to make.</summary>
public sealed record SubjectRequest(string? Label, bool IsGroup = true, int Priority = 0);

/// <summary>Services to add to a subject, by id or codename.</summary>
/// <param name="ServiceUuids">The same by the name that the vendor's v10 gives it.</param>
public sealed record SubjectServicesRequest(string[]? ServiceIds = null, string[]? ServiceUuids = null);

/// <summary>Units to add to a subject.</summary>
public sealed record SubjectUnitsRequest(string[]? SystemUids);

/// <summary>A subject.</summary>
public sealed record SubjectDocument(Guid Id, string Label, bool IsGroup, int Priority, Guid[] ServiceIds, string[] SystemUids);

/// <summary>JSON of the API: snake_case, as the vendor's.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(DigestConverter), typeof(DiffIdConverter), typeof(PlatformConverter), typeof(LayerDescriptionConverter)])]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(MeDocument))]
[JsonSerializable(typeof(BundleDocument))]
[JsonSerializable(typeof(Page<BundleDocument>))]
[JsonSerializable(typeof(LayerDocument))]
[JsonSerializable(typeof(Page<LayerDocument>))]
[JsonSerializable(typeof(LayerVersionDocument))]
[JsonSerializable(typeof(ServiceDocument))]
[JsonSerializable(typeof(Page<ServiceDocument>))]
[JsonSerializable(typeof(TargetDocument))]
[JsonSerializable(typeof(Page<TargetDocument>))]
[JsonSerializable(typeof(TargetSharingRequest))]
[JsonSerializable(typeof(UnitRequest))]
[JsonSerializable(typeof(UnitDocument))]
[JsonSerializable(typeof(Page<UnitDocument>))]
[JsonSerializable(typeof(Page<NodeDocument>))]
[JsonSerializable(typeof(UnitModelRequest))]
[JsonSerializable(typeof(UnitModelDocument))]
[JsonSerializable(typeof(Page<UnitModelDocument>))]
[JsonSerializable(typeof(ServiceRequest))]
[JsonSerializable(typeof(ServiceVersionDocument))]
[JsonSerializable(typeof(Page<ServiceVersionDocument>))]
[JsonSerializable(typeof(Page<ServiceProviderDocument>))]
[JsonSerializable(typeof(SubjectRequest))]
[JsonSerializable(typeof(SubjectServicesRequest))]
[JsonSerializable(typeof(SubjectUnitsRequest))]
[JsonSerializable(typeof(SubjectDocument))]
[JsonSerializable(typeof(Page<SubjectDocument>))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>A layer.json inside an answer keeps its own spelling, camelCase: it is the file.</summary>
internal sealed class LayerDescriptionConverter : JsonConverter<LayerDescription>
{
    /// <inheritdoc/>
    public override LayerDescription? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, ModelJson.Default.LayerDescription);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LayerDescription value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, ModelJson.Default.LayerDescription);
}
