using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Cli.Hub;

/// <summary>A list as the hub gives it, a page at a time.</summary>
/// <param name="NextCursor">Asks for what comes behind it; null at the end, and in lists that are read by number alone.</param>
internal sealed record Page<T>(T[] Items, int Total, int Offset, string? NextCursor);

/// <summary>Who the hub takes the caller for.</summary>
/// <param name="Role"><c>oem</c>, <c>sp</c>, <c>fleet-owner</c> or <c>admin</c>.</param>
internal sealed record UserInfo(string Name, string Role, string Owner, string[] Permissions);

/// <summary>An item of an uploaded bundle.</summary>
internal sealed record BundleItemInfo(string? Id, string? Type, string? Codename, string? Version);

/// <summary>An uploaded bundle. <paramref name="BuildInfo"/> is a text, a list of texts, or null.</summary>
internal sealed record BundleInfo(string Id, string State, BundleItemInfo[]? Items, JsonElement? BuildInfo, long? FileSize, string? Digest)
{
    /// <summary>When it arrived; null when the hub does not say.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>Published.</summary>
    [JsonIgnore]
    public bool IsDone => string.Equals(State, "done", StringComparison.OrdinalIgnoreCase);

    /// <summary>Refused; the reasons are in <see cref="BuildLines"/>.</summary>
    [JsonIgnore]
    public bool IsError => string.Equals(State, "error", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the hub says of the bundle, a line each.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> BuildLines => BuildInfo switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries),
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(e => e.ToString())],
        _ => [],
    };
}

/// <summary>A layer version by name, with both digests.</summary>
internal sealed record LayerReference(string Owner, string Codename, string Version, string Digest, string DiffId, long Size);

/// <summary>A published target.</summary>
/// <param name="Identity">Digest over the content of its base.</param>
/// <param name="HasBase">Whether the base itself was published with it.</param>
/// <param name="SharedWith">Domains of the service providers that may read it; <c>*</c> is all of them. Empty to who is not its owner.</param>
/// <param name="Documents">What can be downloaded of it.</param>
internal sealed record TargetInfo(
    string Id, string Owner, string Name, string Identity, Platform Platform, bool HasBase, string[] SharedWith, SideDocument[] Documents, DateTimeOffset PublishedAt);

/// <summary>Who may read a target.</summary>
/// <param name="ServiceProviders">Their domains; <c>*</c> alone is all.</param>
internal sealed record TargetSharing(string[] ServiceProviders);

/// <summary>A service.</summary>
internal sealed record ServiceInfo(string Id, string Codename, string Owner, string? Title, string? Description, ServiceVersionInfo[] Versions);

/// <summary>A service version, newest first.</summary>
/// <param name="Resolved">What its needs resolve to now: one for each OEM and platform.</param>
internal sealed record ServiceVersionInfo(string Id, string Version, string[] Platforms, NeedInfo[] Needs, ResolvedInfo[] Resolved);

/// <summary>A layer need.</summary>
/// <param name="Versions">Comparators; null is any release.</param>
internal sealed record NeedInfo(string Layer, string? Versions, bool IncludePreRelease);

/// <summary>A resolution of one service version.</summary>
/// <param name="Layers">Topmost first; empty when it is unmet.</param>
/// <param name="Reasons">The explanation, or the obstacles when it is unmet.</param>
internal sealed record ResolvedInfo(string Oem, string Platform, bool IsMet, LayerReference[] Layers, string[] Reasons);

/// <summary>A unit.</summary>
/// <param name="OnlineStatus"><c>Online</c> or <c>Offline</c>.</param>
/// <param name="Items">What it said it has.</param>
/// <param name="Obstacles">Why something assigned is not desired, or not in its newest version.</param>
internal sealed record UnitInfo(
    string Id, string SystemUid, string Owner, string? Target, string? Model, string? FleetOwner, string OnlineStatus, string[] Platforms,
    DesiredInfo[] Desired, UnitItemInfo[] Items, UnitInstanceInfo[] Instances, string[] Obstacles, DateTimeOffset? ReportedAt, string Source, StorageInfo? Storage);

/// <summary>The part of a unit's disk that services and layers may take; bytes.</summary>
internal sealed record StorageInfo(long Total, long Used);

/// <summary>A service that a unit shall have.</summary>
internal sealed record DesiredInfo(string Id, string Codename, string Version, string WireVersion, string IndexDigest, LayerReference[] Layers, string[] Reasons);

/// <summary>An item as the unit reports it.</summary>
internal sealed record UnitItemInfo(string Id, string? Codename, string Version, string WireVersion, string State, string? Error, LayerReference[] Layers);

/// <summary>An instance as the unit reports it.</summary>
internal sealed record UnitInstanceInfo(string ServiceId, string? Codename, string SubjectId, int Instance, string Version, string State, string? Error);

/// <summary>A subject: what joins units and services.</summary>
internal sealed record SubjectInfo(string Id, string Label, bool IsGroup, int Priority, string[] ServiceIds, string[] SystemUids);

/// <summary>Body of POST units/.</summary>
internal sealed record NewUnit(string SystemUid, string? Target, string? Model = null, string? FleetOwner = null);

/// <summary>Body of POST subjects/.</summary>
internal sealed record NewSubject(string Label, bool IsGroup, int Priority);

/// <summary>Body of POST subjects/{id}/services/.</summary>
internal sealed record SubjectServices(string[] ServiceIds);

/// <summary>Body of POST subjects/{id}/units/.</summary>
internal sealed record SubjectUnits(string[] SystemUids);

/// <summary>A refusal. Source: RFC 9457; <paramref name="Errors"/> when there are several sentences.</summary>
internal sealed record HubProblem(string? Title, string? Detail, string[]? Errors);

/// <summary>JSON of the hub's API.</summary>
/// <remarks>Source: facts on AosEdge, e.4: snake_case.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(LayerDescriptionConverter), typeof(DigestConverter), typeof(PlatformConverter)])]
[JsonSerializable(typeof(UserInfo))]
[JsonSerializable(typeof(BundleInfo))]
[JsonSerializable(typeof(BundleLogLine))]
[JsonSerializable(typeof(Page<BundleInfo>))]
[JsonSerializable(typeof(TargetSharing))]
[JsonSerializable(typeof(TargetInfo[]))]
[JsonSerializable(typeof(TargetInfo))]
[JsonSerializable(typeof(Page<TargetInfo>))]
[JsonSerializable(typeof(ServiceInfo))]
[JsonSerializable(typeof(Page<ServiceInfo>))]
[JsonSerializable(typeof(UnitInfo))]
[JsonSerializable(typeof(Page<UnitInfo>))]
[JsonSerializable(typeof(SubjectInfo))]
[JsonSerializable(typeof(Page<SubjectInfo>))]
[JsonSerializable(typeof(NewUnit))]
[JsonSerializable(typeof(UnitSettings))]
[JsonSerializable(typeof(UnitModelInfo))]
[JsonSerializable(typeof(Page<UnitModelInfo>))]
[JsonSerializable(typeof(UnitModelSettings))]
[JsonSerializable(typeof(NewService))]
[JsonSerializable(typeof(NewSubject))]
[JsonSerializable(typeof(SubjectServices))]
[JsonSerializable(typeof(SubjectUnits))]
[JsonSerializable(typeof(Page<UserCertificate>))]
[JsonSerializable(typeof(Revocation))]
[JsonSerializable(typeof(RevokedUsers))]
[JsonSerializable(typeof(NewInvitation))]
[JsonSerializable(typeof(Invitation))]
[JsonSerializable(typeof(CertificateRequestBody))]
[JsonSerializable(typeof(IssuedCertificate))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(HubProblem))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class HubJson : JsonSerializerContext;

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
